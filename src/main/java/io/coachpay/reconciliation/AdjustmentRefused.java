package io.coachpay.reconciliation;

import io.coachpay.http.Refused;

/** Why a finding is not booked by hand. */
abstract class AdjustmentRefused extends Refused {

    private AdjustmentRefused(String name, String title, String detail) {
        super(name, 409, title, detail);
    }

    /** It no longer differs. */
    static final class Closed extends AdjustmentRefused {
        Closed() {
            super("finding-closed", "Finding closed", "The finding is closed: nothing differs any more");
        }
    }

    /** It is about something else than one of Stripe's balance transactions. */
    static final class NoLine extends AdjustmentRefused {
        NoLine(Kind kind) {
            super("finding-without-line", "Nothing to book", "A finding of kind " + kind.code()
                    + " is not about one of Stripe's balance transactions, so there is nothing to book");
        }
    }

    /** Facts are booked at this moment, one after the other. */
    static final class Busy extends AdjustmentRefused {
        Busy(String stripeId) {
            super("finding-busy", "Others are booking", "Too much is booked at this moment for " + stripeId
                    + " to be booked by hand: nothing was, so ask again");
        }
    }

    /** What it tells of is booked by itself, now or when its object is heard of. */
    static final class Expected extends AdjustmentRefused {
        Expected(String stripeId) {
            super("finding-expected", "Booked by itself", stripeId
                    + " tells of something that is booked by itself: wait, or find out what keeps it from being booked");
        }
    }
}
