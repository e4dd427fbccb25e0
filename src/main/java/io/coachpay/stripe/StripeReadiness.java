package io.coachpay.stripe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Tells whether Stripe answers and takes our key, asking at most twice a minute. Only a refused key makes the service not
 * ready, whichever call met it; a right that the key lacks is told. While Stripe is away, webhooks, reading and retrying go on,
 * and taking every instance out would end that too.
 */
@Readiness
@ApplicationScoped
public class StripeReadiness implements HealthCheck {

    private static final Duration FRESH = Duration.ofSeconds(30);

    private record Seen(String outcome, Instant at) {
    }

    private final StripeBalances balances;
    private final StripeKey key;

    /** Wall-clock, since how long an answer is fresh has nothing to do with the business's time. */
    private final Clock clock = Clock.systemUTC();

    private final Lock asking = new ReentrantLock();

    private volatile Seen last = new Seen("unknown", Instant.EPOCH);

    StripeReadiness(StripeBalances balances, StripeKey key) {
        this.balances = balances;
        this.key = key;
    }

    @Override
    public HealthCheckResponse call() {
        // One asks; the others are told what was seen before, instead of waiting with it.
        if (last.at().plus(FRESH).isBefore(clock.instant()) && asking.tryLock()) {
            try {
                last = new Seen(ask(), clock.instant());
            } finally {
                asking.unlock();
            }
        }
        Seen seen = last;
        return HealthCheckResponse.named("Stripe").status(!key.isRefused()).withData("lastOutcome", seen.outcome())
                .withData("rightsMissing", String.join(" ", key.rightsMissing())).build();
    }

    private String ask() {
        try {
            balances.balance(null);
            return "ok";
        } catch (StripeRefused refused) {
            return refused.outcome();
        }
    }
}
