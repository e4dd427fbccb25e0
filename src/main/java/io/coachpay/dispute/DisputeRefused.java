package io.coachpay.dispute;

import io.coachpay.http.Refused;

/** Refusals of evidence. */
abstract class DisputeRefused extends Refused {

    private DisputeRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** The bank has decided, or accepts no evidence for another reason. */
    static final class NotOpen extends DisputeRefused {
        NotOpen(String status) {
            super("dispute-not-open", 409, "Dispute not open", "The dispute accepts no evidence: it is " + status);
        }
    }

    /** The bank has the evidence, which can be sent only once. */
    static final class Submitted extends DisputeRefused {
        Submitted() {
            super("evidence-submitted", 409, "Evidence submitted",
                    "The evidence has been sent to the bank, which is possible only once");
        }
    }

    /** The bank's deadline has passed. */
    static final class PastDue extends DisputeRefused {
        PastDue() {
            super("evidence-past-due", 409, "Evidence past due", "The bank's deadline for evidence has passed");
        }
    }

    /** No evidence is stored yet. */
    static final class NoEvidence extends DisputeRefused {
        NoEvidence() {
            super("evidence-missing", 422, "Evidence missing", "There is no evidence to send yet");
        }
    }
}
