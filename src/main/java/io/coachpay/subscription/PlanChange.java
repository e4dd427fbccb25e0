package io.coachpay.subscription;

import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * A change of plan that Stripe is asked for.
 *
 * @param priceId the price of the plan that is wanted, {@code price_…}
 * @param at the moment as of which it is billed
 * @param attempt part of the idempotency key
 */
@Embeddable
record PlanChange(@Column(name = "wanted_price_id") String priceId, @Column(name = "prorated_at") Instant at,
        @Column(name = "change_attempt") int attempt) {

    /** The time for which Stripe bills what a preview said. */
    private static final Duration LASTS = Duration.ofMinutes(10);

    /** When a preview of that moment is over. */
    static Instant validUntil(Instant at) {
        return at.plus(LASTS);
    }

    /** Whether a preview of that moment may be taken at its word. */
    static boolean isValid(Instant at, Instant now) {
        return !at.isAfter(now) && !validUntil(at).isBefore(now);
    }

    /** Whether it is the same wish. */
    boolean isTo(String price, Instant moment) {
        return priceId.equals(price) && at.equals(moment);
    }

    /** The same under the next key, unless somebody has counted on already. */
    PlanChange nextAttempt(int after) {
        return attempt == after ? new PlanChange(priceId, at, attempt + 1) : this;
    }
}
