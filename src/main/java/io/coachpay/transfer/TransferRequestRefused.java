package io.coachpay.transfer;

import io.coachpay.http.Refused;

/** Refusals of a decision about a transfer request. */
abstract class TransferRequestRefused extends Refused {

    private TransferRequestRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** Stripe has made it, or it was withdrawn. */
    static final class Over extends TransferRequestRefused {
        Over(TransferRequestStatus status) {
            super("step-over", 409, "Step over", "The step is " + status.column() + ", and its purpose is fulfilled or has"
                    + " passed");
            with("stepStatus", status.column());
        }
    }

    /** Another open request has the same purpose. */
    static final class Replaced extends TransferRequestRefused {
        Replaced() {
            super("step-replaced", 409, "Step replaced", "Another open step has the same purpose");
        }
    }
}
