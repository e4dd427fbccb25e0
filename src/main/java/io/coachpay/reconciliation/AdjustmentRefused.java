package io.coachpay.reconciliation;

import io.coachpay.http.Refused;

/** Refusals to book a finding by hand. */
abstract class AdjustmentRefused extends Refused {

    private AdjustmentRefused(String name, String title, String detail) {
        super(name, 409, title, detail);
    }

    /** The finding no longer differs. */
    static final class Closed extends AdjustmentRefused {
        Closed() {
            super("finding-closed", "Finding closed", "The finding is closed: nothing differs any more");
        }
    }

    /** The finding is not about one of Stripe's balance transactions. */
    static final class NoLine extends AdjustmentRefused {
        NoLine(Kind kind) {
            super("finding-without-line", "Nothing to book", "A finding of kind " + kind.code()
                    + " is not about one of Stripe's balance transactions, so there is nothing to book");
        }
    }

    /** Facts are being booked at this moment, one after the other. */
    static final class Busy extends AdjustmentRefused {
        Busy(String stripeId) {
            super("finding-busy", "Others are booking", "Too much is booked at this moment for " + stripeId
                    + " to be booked by hand: nothing was, so ask again");
        }
    }

    /** Its fact is booked by itself, now or when its object is reported. */
    static final class Expected extends AdjustmentRefused {
        Expected(String stripeId) {
            super("finding-expected", "Booked by itself", stripeId
                    + " is about a fact that is booked by itself: wait, or find out what keeps it from being booked");
        }
    }
}
