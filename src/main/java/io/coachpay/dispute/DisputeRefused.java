package io.coachpay.dispute;

import io.coachpay.http.Refused;

/** What may stand in the way of evidence. */
abstract class DisputeRefused extends Refused {

    private DisputeRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** The bank has decided, or takes nothing more for another reason. */
    static final class NotOpen extends DisputeRefused {
        NotOpen(String status) {
            super("dispute-not-open", 409, "Dispute not open", "The dispute takes no evidence, it is " + status);
        }
    }

    /** The bank has it; there is no second time. */
    static final class Submitted extends DisputeRefused {
        Submitted() {
            super("evidence-submitted", 409, "Evidence submitted",
                    "The evidence has been sent to the bank, which can be done once");
        }
    }

    /** Too late. */
    static final class PastDue extends DisputeRefused {
        PastDue() {
            super("evidence-past-due", 409, "Evidence past due", "The time to send evidence is over");
        }
    }

    /** Nothing has been said yet. */
    static final class NoEvidence extends DisputeRefused {
        NoEvidence() {
            super("evidence-missing", 422, "Evidence missing", "There is no evidence to send yet");
        }
    }
}
