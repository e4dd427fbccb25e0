package io.coachpay.stripe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.coachpay.job.Background;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Whether Stripe listens to our key. Once it has refused the key, calls of jobs and events fail at once instead of asking for
 * each row; once the key was found to lack a right, calls of that kind do. One call after each pause goes through, and the
 * first one that Stripe listens to ends it. Calls that a person waits for always go through, and tell as well.
 */
@Singleton
class StripeKey {

    private static final Logger LOG = Logger.getLogger(StripeKey.class);

    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(15);

    /** Stands for every call. */
    private static final String ALL = "every call";

    private final Clock clock;

    /** What Stripe does not listen to, and when it may be tried next. */
    private final Map<String, Instant> refused = new ConcurrentHashMap<>();

    StripeKey(Clock clock, MeterRegistry meters) {
        this.clock = clock;
        Gauge.builder("coachpay.stripe.key.refused", () -> isRefused() ? 1 : 0)
                .description("1 while Stripe refuses our key, and background work stands still").register(meters);
        Gauge.builder("coachpay.stripe.key.rights.missing", () -> rightsMissing().size())
                .description("Kinds of calls that our key has no right to").register(meters);
    }

    /**
     * Lets a call go to Stripe, unless it is nobody's in particular and Stripe would not listen.
     *
     * @throws StripeAway.KeyRefused when Stripe was not asked
     */
    void requireTaken(String operation) {
        if (refused.isEmpty() || !Background.isOn()) {
            return;
        }
        if (isRefused() && !mayProbe()) {
            throw unasked(operation, false);
        }
        if (!isRefused() && refused.containsKey(operation) && !mayTry(operation)) {
            throw unasked(operation, true);
        }
    }

    /** Stripe did what it was asked for. */
    void taken(String operation) {
        if (!refused.isEmpty()) {
            end(ALL);
            end(operation);
        }
    }

    /** Stripe refused: the key, or something for which it has taken the key. */
    void refused(String operation, StripeRefused because) {
        if (because instanceof StripeAway.KeyRefused key) {
            begin(key.lacksRight() ? operation : ALL, key);
            if (key.lacksRight()) {
                end(ALL);
            }
        } else if (!(because instanceof StripeAway || because instanceof StripeRefused.RateLimited)) {
            taken(operation);
        }
    }

    /** Whether Stripe refuses the key altogether, as far as is known. */
    boolean isRefused() {
        return refused.containsKey(ALL);
    }

    /** The kinds of calls that the key was found to have no right to. */
    Set<String> rightsMissing() {
        Set<String> missing = new TreeSet<>(refused.keySet());
        missing.remove(ALL);
        return missing;
    }

    /** Whether it is time to see if Stripe takes the key again; the first to ask is told so, the others after a pause. */
    boolean mayProbe() {
        return mayTry(ALL);
    }

    private boolean mayTry(String what) {
        Instant at = refused.get(what);
        Instant now = clock.instant();
        return at == null || !at.isAfter(now) && refused.replace(what, at, now.plus(BETWEEN_PROBES));
    }

    private void begin(String what, StripeAway.KeyRefused because) {
        if (refused.put(what, clock.instant().plus(BETWEEN_PROBES)) == null) {
            LOG.errorf("Stripe does not listen to our key, %s of jobs and events stands still until it does: %s", what,
                    because.getMessage());
        }
    }

    private void end(String what) {
        if (refused.remove(what) != null) {
            LOG.infof("Stripe listens to our key again, %s of jobs and events goes on", what);
        }
    }

    private static StripeAway.KeyRefused unasked(String operation, boolean lacksRight) {
        String why = lacksRight ? "Our key has no right to this" : "Stripe refuses our key";
        return new StripeAway.KeyRefused(new StripeRefused.Reason(operation, 0, null, null, why), lacksRight);
    }
}
