package io.coachpay.refund;

import org.joda.money.Money;

import io.coachpay.http.Refused;

/** What may stand in the way of a refund. */
abstract class RefundRefused extends Refused {

    private RefundRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** More is asked for than can still go back. */
    static final class ExceedsRemainder extends RefundRefused {
        ExceedsRemainder(Money remainder) {
            super("exceeds-remainder", 422, "More than remains", "Of this payment " + remainder + " can still be refunded");
            with("remainder", remainder);
        }
    }

    /** The coach would owe more than coaches may by refunds of their own. */
    static final class ExceedsCoachFunds extends RefundRefused {
        ExceedsCoachFunds(Money possible) {
            super("exceeds-coach-funds", 422, "More than the coach has",
                    "With what you have, " + possible + " can be refunded; an administrator can refund more");
            with("possible", possible);
        }
    }

    /** More is to go to the coach than was taken there. */
    static final class ExceedsTaken extends RefundRefused {
        ExceedsTaken(Money taken) {
            super("exceeds-taken", 422, "More than was taken", "The refund took " + taken + " from the coach");
            with("taken", taken);
        }
    }

    /** Nothing about its coach's part is left to decide. */
    static final class NotToBeRepaid extends RefundRefused {
        NotToBeRepaid(String why) {
            super("not-to-be-repaid", 409, "Not to be repaid", why);
        }
    }

    /** Nobody has paid, so nothing can go back. */
    static final class NotPaid extends RefundRefused {
        NotPaid() {
            super("not-paid", 409, "Not paid", "Only what was paid can be refunded");
        }
    }

    /** An administrator can only decide about what Stripe does not have. */
    static final class NotToBeDecided extends RefundRefused {
        NotToBeDecided(Refund.Status status) {
            super("refund-under-way", 409, "Refund under way", "The refund is " + status.column() + ": Stripe has it, and what"
                    + " becomes of it follows from that; one that was never asked for in vain cannot be asked for again");
            with("refundStatus", status.column());
        }
    }

    /** Whether Stripe makes it is not known yet, so that another call might make it twice. */
    static final class BeingAsked extends RefundRefused {
        BeingAsked() {
            super("refund-under-way", 409, "Refund under way",
                    "Stripe is being asked for the refund; who pays it can be decided once it has answered, in a minute or so");
        }
    }

    /** The payer's bank has taken the money, and who keeps it is not decided. */
    static final class Disputed extends RefundRefused {
        Disputed() {
            super("payment-disputed", 409, "Payment disputed",
                    "The payer's bank has taken the money back; until the dispute is decided nothing can be refunded");
        }
    }
}
