package io.coachpay.subscription;

import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

/**
 * A change of plan that Stripe is asked for.
 *
 * @param priceId the price of the plan that is wanted, {@code price_…}
 * @param at the moment as of which it is billed
 * @param attempt part of the idempotency key
 * @param endsTrial whether the trial ends with it, and the first period is paid at once; null is no
 */
@Embeddable
record PlanChange(@Column(name = "wanted_price_id") String priceId, @Column(name = "prorated_at") Instant at,
        @Column(name = "change_attempt") int attempt,
        @Nullable @Column(name = "change_ends_trial") Boolean endsTrial) {

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

    /** Whether the trial ends with it. */
    boolean isEndOfTrial() {
        return Boolean.TRUE.equals(endsTrial);
    }

    /** Whether it is the same wish. */
    boolean isTo(String price, Instant moment) {
        return priceId.equals(price) && at.equals(moment);
    }

    /** The same under the next key, unless somebody has counted on already. */
    PlanChange nextAttempt(int after) {
        return attempt == after ? new PlanChange(priceId, at, attempt + 1, endsTrial) : this;
    }
}
