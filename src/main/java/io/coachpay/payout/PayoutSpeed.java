package io.coachpay.payout;

import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBalance;
import io.coachpay.stripe.StripeRefused;

/**
 * The speed of a payout, and the reason why it is not faster.
 *
 * @param column the method, as the database and the API write it
 * @param fallbackReason why it is a standard one although an instant one was requested; null otherwise
 * @see <a href="https://docs.stripe.com/payouts/instant-payouts">Stripe: instant payouts</a>
 */
@Embeddable
record PayoutSpeed(@Column(name = "method") String column,
        @Nullable @Column(name = "fallback_reason") String fallbackReason) {

    /** Within days. */
    static final PayoutSpeed STANDARD = new PayoutSpeed("standard", null);
    /**
     * Within minutes, for a fee that Stripe bills to the platform and the coach may have to bear; only on a coach's request.
     */
    static final PayoutSpeed INSTANT = new PayoutSpeed("instant", null);

    /** Stripe has no faster way to that bank. */
    static final String NOT_ELIGIBLE = "destination_not_eligible";
    /** Stripe does not advance so much. */
    static final String NOT_AVAILABLE = "not_instantly_available";
    /** Stripe refused without saying which of the two. */
    static final String REFUSED = "refused_by_stripe";

    private static final List<@Nullable String> LIMITS = List.of("instant_payouts_limit_exceeded", "payouts_limit_exceeded");

    boolean instant() {
        return column.equals(INSTANT.column);
    }

    /** Returns instant if Stripe's balance allows the amount, else standard with the reason. */
    static PayoutSpeed instantIfPossible(Money amount, StripeBalance atStripe) {
        return atStripe.instantAvailable().stream().filter(amount::isSameCurrency).findFirst()
                .map(most -> amount.isGreaterThan(most) ? fallback(NOT_AVAILABLE) : INSTANT)
                .orElseGet(() -> fallback(NOT_ELIGIBLE));
    }

    /** Returns the reason in Stripe's refusal of an instant payout. */
    static String reason(StripeRefused refused) {
        if (refused instanceof StripeRefused.InsufficientBalance || LIMITS.contains(refused.reason().code())) {
            return NOT_AVAILABLE;
        }
        return refused instanceof StripeRefused.AccountNotReady ? NOT_ELIGIBLE : REFUSED;
    }

    /** Within days, although an instant one was requested. */
    static PayoutSpeed fallback(String reason) {
        return new PayoutSpeed(STANDARD.column, reason);
    }
}
