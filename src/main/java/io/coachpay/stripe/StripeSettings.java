package io.coachpay.stripe;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the connection to Stripe. */
@ConfigMapping(prefix = "coachpay.stripe")
public interface StripeSettings {

    /** The platform's secret or restricted key; without it the service does not start. */
    String secretKey();

    /** The key that browsers may know. */
    Optional<String> publishableKey();

    /** The address of Stripe's API; the sandbox differs from Stripe by this alone. Empty means Stripe itself. */
    Optional<URI> apiBase();

    /** The time that one attempt may take to connect. */
    @WithDefault("2S")
    Duration connectTimeout();

    /** The time that one attempt may take to be answered. */
    @WithDefault("10S")
    Duration readTimeout();

    /** Retries of an attempt that failed on the way, with the same key. */
    @WithDefault("2")
    int networkRetries();

    /**
     * Calls of jobs and events a second, all instances together; 0 lifts the limit. The rest of Stripe's limit, 100 a second
     * with a live key and 25 in test mode, is for calls that a person waits for.
     */
    @WithDefault("20")
    int backgroundCallsPerSecond();

    /** Whether the key moves real money; events of the other kind are not ours. */
    default boolean liveMode() {
        return secretKey().startsWith("sk_live_") || secretKey().startsWith("rk_live_");
    }
}
