package io.coachpay.stripe;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An address that admits its holder at Stripe, once. It is never stored, logged or printed.
 *
 * @param expiresAt null if Stripe does not say
 */
public record StripeLink(String url, @Nullable Instant expiresAt) {

    @Override
    public String toString() {
        return "StripeLink[expires " + expiresAt + "]";
    }
}
