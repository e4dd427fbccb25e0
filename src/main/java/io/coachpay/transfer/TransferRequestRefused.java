package io.coachpay.transfer;

import io.coachpay.http.Refused;

/** What may stand in the way of a decision about a step. */
abstract class TransferRequestRefused extends Refused {

    private TransferRequestRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** Stripe has made it, or nobody wants it any more. */
    static final class Over extends TransferRequestRefused {
        Over(TransferRequest.Status status) {
            super("step-over", 409, "Step over", "The step is " + status.column() + ", and what it was for was done or has"
                    + " passed");
            with("stepStatus", status.column());
        }
    }

    /** Another step asks for the same. */
    static final class Replaced extends TransferRequestRefused {
        Replaced() {
            super("step-replaced", 409, "Step replaced", "Another step that is open asks for the same");
        }
    }
}
