package io.coachpay.stripe;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** Lets a browser show Stripe's components for one account. The secret is never stored, logged or printed. */
public record StripeAccountSession(String clientSecret, @Nullable Instant expiresAt) {

    @Override
    public String toString() {
        return "StripeAccountSession[expires " + expiresAt + "]";
    }
}
