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
 * Checks whether Stripe answers and accepts our key, at most twice a minute. Only a refused key makes the service not ready,
 * from any call; a missing right is reported. While Stripe is away, webhooks, reads and retries continue, and taking every
 * instance out would end that too.
 */
@Readiness
@ApplicationScoped
public class StripeReadiness implements HealthCheck {

    private static final Duration FRESH = Duration.ofSeconds(30);

    private record Seen(String outcome, Instant at) {
    }

    private final StripeBalances balances;
    private final StripeKey key;

    /** Wall-clock time, since the freshness of an answer has nothing to do with the business's time. */
    private final Clock clock = Clock.systemUTC();

    private final Lock asking = new ReentrantLock();

    private volatile Seen last = new Seen("unknown", Instant.EPOCH);

    StripeReadiness(StripeBalances balances, StripeKey key) {
        this.balances = balances;
        this.key = key;
    }

    @Override
    public HealthCheckResponse call() {
        // One caller asks; the others get the last result instead of waiting with it.
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
