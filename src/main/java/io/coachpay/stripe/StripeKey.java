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
 * Tracks whether Stripe accepts our key. Once Stripe has refused the key, calls of jobs and events fail at once instead of
 * asking for each row; once the key was found to lack a right, calls of that kind do. One call after each pause goes through,
 * and the first that Stripe accepts ends the state. Calls that a person waits for always go through, and update the state as
 * well.
 */
@Singleton
class StripeKey {

    private static final Logger LOG = Logger.getLogger(StripeKey.class);

    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(15);

    /** Stands for every call. */
    private static final String ALL = "every call";

    private final Clock clock;

    /** Refused calls, and when each may be tried next. */
    private final Map<String, Instant> refused = new ConcurrentHashMap<>();

    StripeKey(Clock clock, MeterRegistry meters) {
        this.clock = clock;
        Gauge.builder("coachpay.stripe.key.refused", () -> isRefused() ? 1 : 0)
                .description("1 while Stripe refuses our key, and background work stands still").register(meters);
        Gauge.builder("coachpay.stripe.key.rights.missing", () -> rightsMissing().size())
                .description("Kinds of calls that our key has no right to").register(meters);
    }

    /**
     * Lets a call go to Stripe, unless it is a background call and Stripe would refuse the key.
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

    /** Records that Stripe accepted the key. */
    void taken(String operation) {
        if (!refused.isEmpty()) {
            end(ALL);
            end(operation);
        }
    }

    /** Records a refusal: of the key, or of a request with an accepted key. */
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

    /** Whether a call may test the key again; true for the first to ask, and for others only after another pause. */
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
            LOG.errorf("Stripe refuses our key, %s of jobs and events is paused until it is accepted: %s", what,
                    because.getMessage());
        }
    }

    private void end(String what) {
        if (refused.remove(what) != null) {
            LOG.infof("Stripe accepts our key again, %s of jobs and events resumes", what);
        }
    }

    private static StripeAway.KeyRefused unasked(String operation, boolean lacksRight) {
        String why = lacksRight ? "Our key lacks the right to this" : "Stripe refuses our key";
        return new StripeAway.KeyRefused(new StripeRefused.Reason(operation, 0, null, null, why), lacksRight);
    }
}
