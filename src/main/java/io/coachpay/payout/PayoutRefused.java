package io.coachpay.payout;

import java.util.List;
import java.util.stream.Collectors;

import org.joda.money.Money;

import io.coachpay.coach.Reason;
import io.coachpay.http.Refused;

/** Refusals of a payout. */
abstract class PayoutRefused extends Refused {

    private PayoutRefused(String name, int status, String title, String detail) {
        super(name, status, title, detail);
    }

    /** Nothing can be paid out now. */
    static final class Blocked extends PayoutRefused {
        Blocked(List<Reason> reasons) {
            super("payout-blocked", 409, "Payout blocked", "Nothing can be paid out now: "
                    + reasons.stream().map(Reason::code).collect(Collectors.joining(", ")));
            with("reasons", reasons.stream().map(Reason::code).toList());
        }
    }

    /** More is asked for than is available. */
    static final class ExceedsAvailable extends PayoutRefused {
        ExceedsAvailable(Money available) {
            super("exceeds-available", 422, "More than is available", "At most " + available + " can be paid out now");
            with("available", available);
        }
    }

    /** Less is asked for than Stripe pays out. */
    static final class BelowMinimum extends PayoutRefused {
        BelowMinimum(Money minimum) {
            super("below-minimum", 422, "Below the minimum", "Stripe pays out no less than " + minimum);
            with("minimum", minimum);
        }
    }

    /** It has left, has ended, or has not begun. */
    static final class NotPending extends PayoutRefused {
        NotPending(PayoutStatus status) {
            super("payout-not-pending", 409, "Payout not pending",
                    "Only a pending payout can be canceled; this one is " + status.column());
            with("payoutStatus", status.column());
        }
    }

    /** Stripe refused it. */
    static final class ByStripe extends PayoutRefused {
        ByStripe(String code) {
            super("payout-refused", 409, "Payout refused", "Stripe refused the payout: " + code);
            with("code", code);
        }
    }
}
