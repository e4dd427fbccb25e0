package io.coachpay.refund;

import org.joda.money.Money;

import io.coachpay.http.Refused;

/** Refusals of a refund, or of a decision about one. */
abstract class RefundRefused extends Refused {

    private RefundRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** More is asked for than can still go back. */
    static final class ExceedsRemainder extends RefundRefused {
        ExceedsRemainder(Money remainder) {
            super("exceeds-remainder", 422, "More than remains",
                    "Only " + remainder + " of this payment can still be refunded");
            with("remainder", remainder);
        }
    }

    /** The coach would owe more than coaches may by their own refunds. */
    static final class ExceedsCoachFunds extends RefundRefused {
        ExceedsCoachFunds(Money possible) {
            super("exceeds-coach-funds", 422, "More than the coach has",
                    "With what you have, " + possible + " can be refunded; an administrator can refund more");
            with("possible", possible);
        }
    }

    /** More is to go back to the coach than was taken. */
    static final class ExceedsTaken extends RefundRefused {
        ExceedsTaken(Money taken) {
            super("exceeds-taken", 422, "More than was taken", "The refund took " + taken + " from the coach");
            with("taken", taken);
        }
    }

    /** No decision about the coach's part is open. */
    static final class NotToBeRepaid extends RefundRefused {
        NotToBeRepaid(String why) {
            super("not-to-be-repaid", 409, "Not to be repaid", why);
        }
    }

    /** The payment is unpaid, so nothing can go back. */
    static final class NotPaid extends RefundRefused {
        NotPaid() {
            super("not-paid", 409, "Not paid", "Only what was paid can be refunded");
        }
    }

    /** Administrators decide only about refunds that Stripe does not have. */
    static final class NotToBeDecided extends RefundRefused {
        NotToBeDecided(RefundStatus status) {
            super("refund-under-way", 409, "Refund under way", "The refund is " + status.column() + ": Stripe has it and"
                    + " decides its outcome; only a refund that waits or was refused can be asked for again");
            with("refundStatus", status.column());
        }
    }

    /** It is not known yet whether Stripe makes it, so another call might make it twice. */
    static final class BeingAsked extends RefundRefused {
        BeingAsked() {
            super("refund-under-way", 409, "Refund under way",
                    "Stripe is being asked for the refund; who pays it can be decided once it has answered, in a minute or so");
        }
    }

    /** The coach's transfer for a session that was paid with credits may be made at this moment. */
    static final class CoachBeingPaid extends RefundRefused {
        CoachBeingPaid() {
            super("transfer-under-way", 409, "Transfer under way",
                    "Stripe is being asked for the coach's transfer; the session can be refunded once it has answered, in a minute"
                            + " or so");
        }
    }

    /** The payer's bank has taken the money, and the dispute is undecided. */
    static final class Disputed extends RefundRefused {
        Disputed() {
            super("payment-disputed", 409, "Payment disputed",
                    "The payer's bank has taken the money back; until the dispute is decided nothing can be refunded");
        }
    }
}
