package io.coachpay.payout;

import java.util.List;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeRefused;

/**
 * How fast a payout goes, and why not faster.
 *
 * @param fallbackReason why it is a usual one although an instant one was wanted; null otherwise
 * @see <a href="https://docs.stripe.com/payouts/instant-payouts">Stripe: instant payouts</a>
 */
record PayoutSpeed(String column, @Nullable String fallbackReason) {

    /** Within days. */
    static final PayoutSpeed STANDARD = new PayoutSpeed("standard", null);
    /**
     * Within minutes, for a fee that Stripe bills to the platform and the coach may have to bear; only for coaches who ask for
     * it.
     */
    static final PayoutSpeed INSTANT = new PayoutSpeed("instant", null);

    /** Stripe has no way to that bank that is faster. */
    static final String NOT_ELIGIBLE = "destination_not_eligible";
    /** Stripe does not advance so much. */
    static final String NOT_AVAILABLE = "not_instantly_available";
    /** Stripe said no without saying which. */
    static final String REFUSED = "refused_by_stripe";

    private static final List<@Nullable String> LIMITS = List.of("instant_payouts_limit_exceeded", "payouts_limit_exceeded");

    /** Instant if Stripe's balance says that so much can be, with the reason if not. */
    static PayoutSpeed instantIfPossible(Money amount, StripeBalance atStripe) {
        return atStripe.instantAvailable().stream().filter(amount::isSameCurrency).findFirst()
                .map(most -> amount.isGreaterThan(most) ? usual(NOT_AVAILABLE) : INSTANT)
                .orElseGet(() -> usual(NOT_ELIGIBLE));
    }

    /** What Stripe's refusal of an instant payout says about it. */
    static String reason(StripeRefused refused) {
        if (refused instanceof StripeRefused.InsufficientBalance || LIMITS.contains(refused.reason().code())) {
            return NOT_AVAILABLE;
        }
        return refused instanceof StripeRefused.AccountNotReady ? NOT_ELIGIBLE : REFUSED;
    }

    private static PayoutSpeed usual(String reason) {
        return new PayoutSpeed(STANDARD.column, reason);
    }
}
