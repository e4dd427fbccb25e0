package io.coachpay.stripe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;

import io.coachpay.job.Background;

/**
 * The one place that knows idempotency keys. Makes an object at Stripe for a row of ours exactly once ({@link #ensure}), and
 * changes an existing one ({@link #change}), however many callers ask at once and whatever fails meanwhile: record, call,
 * record, with one key for each attempt that the row counts.
 * <p>
 * A key names row, operation and attempt, and no version of the call's form. Where an answer was lost and a later version of
 * the service sends another form under the same key, Stripe refuses ({@link StripeRefused.KeyReused}), and the object is looked
 * for before another key is used. Under a key with a version Stripe would simply make a second object.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Stripe: idempotent requests</a>
 */
@ApplicationScoped
public class IdempotentCalls {

    /** Stripe forgets keys after 24 hours; well before that a look takes the key's place. */
    private static final Duration KEY_LASTS = Duration.ofHours(20);
    private static final int ROUNDS = 20;
    private static final int FAILURES_AT_MOST = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /**
     * No retry begins after this time. A caller hears that Stripe is away well within the minute after which its own request
     * counts as abandoned, even if the last call takes as long as a call may.
     */
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration LONGEST_IN_BACKGROUND = Duration.ofMinutes(2);

    private final Clock clock;
    private final LongSupplier nanoTime;

    @Inject
    IdempotentCalls(Clock clock) {
        this(clock, System::nanoTime);
    }

    /** @param nanoTime measures how long calls really take, whatever the time of day */
    IdempotentCalls(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * The row's progress.
     *
     * @param stripeId null while Stripe is not known to have the object
     * @param attempt part of the key
     * @param since when the row was written: no attempt is older
     */
    public record Progress(@Nullable String stripeId, int attempt, Instant since) {
    }

    /** The steps of making one kind of object. None of these verbs is called inside a database transaction. */
    public interface Creation {

        /** The row's progress now; writes the row if there is none. */
        Progress progress();

        /** Looks at Stripe for the object that carries the row's id, and records its id; returns whether there is one. */
        boolean find();

        /**
         * Makes the object at Stripe, with parameters and key that follow from the row and the attempt alone, and records its
         * id.
         *
         * @throws NotWanted where the row does not ask for it any more
         */
        void create(int attempt);

        /** Moves to the next attempt, unless another caller has done so after this one. */
        void nextAttempt(int after);
    }

    /** The row was withdrawn while its object was to be made. */
    public static final class NotWanted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public NotWanted(Object row) {
            super(row + " does not ask for its object any more");
        }
    }

    /**
     * The steps of changing an object at Stripe: cancelling, expiring, confirming, updating it. The object's own state lets the
     * change through once, so that another key never does it twice. None of these verbs is called inside a database
     * transaction.
     *
     * @param <T> Stripe's answer
     */
    public interface Change<T> {

        /** The number of the next call, as the row counts it now. */
        int attempt();

        /** Asks Stripe for the change, with parameters and key that follow from the row and the attempt alone. */
        T call(int attempt);

        /** Moves the row to the attempt after that one, unless another caller has. */
        void nextAttempt(int after);
    }

    /**
     * Changes an object at Stripe, and returns Stripe's answer. Stripe stores its answer under a key, refusals and failures
     * too, so that a repeated call gets the same answer for a day, whatever has become of the object. So a number is used until
     * its answer is known, and never after.
     *
     * @throws StripeRefused when Stripe refuses, so that the next call has another key, or is away, so that it has the same
     */
    public <T> T change(Change<T> change) {
        int failures = 0;
        long begun = nanoTime.getAsLong();
        for (int round = 1; round <= ROUNDS; round++) {
            int attempt = change.attempt();
            try {
                T told = change.call(attempt);
                change.nextAttempt(attempt);
                return told;
            } catch (StripeRefused.KeyInUse inUse) {
                pause(round, begun, inUse);
            } catch (StripeRefused.KeyReused otherForm) {
                change.nextAttempt(attempt);
            } catch (StripeAway away) {
                failures++;
                getOver(away, failures, begun, () -> change.nextAttempt(attempt));
            } catch (StripeRefused.RateLimited notHeard) {
                throw notHeard;
            } catch (StripeRefused refused) {
                change.nextAttempt(attempt);
                throw refused;
            }
        }
        throw new IllegalStateException("Stripe gave no answer of its own to a change, under " + ROUNDS + " keys");
    }

    /**
     * Stripe's id of the object, which is made now if there is none.
     *
     * @throws StripeRefused when Stripe refuses or is away; a later call resumes there
     * @throws NotWanted where the row has ceased to ask for it
     */
    public String ensure(Creation creation) {
        int failures = 0;
        long begun = nanoTime.getAsLong();
        for (int round = 1; round <= ROUNDS; round++) {
            Progress progress = creation.progress();
            if (progress.stripeId() != null) {
                return progress.stripeId();
            }
            try {
                if (!mustLook(progress) || !creation.find()) {
                    creation.create(progress.attempt());
                }
            } catch (StripeRefused.KeyInUse inUse) {
                // Another caller is making it this moment: their answer is ours too.
                pause(round, begun, inUse);
            } catch (StripeRefused.KeyReused otherForm) {
                // The answer to another form of this call was lost. The next round's look shows whether it made the object.
                creation.nextAttempt(progress.attempt());
            } catch (StripeAway away) {
                failures++;
                getOver(away, failures, begun, () -> creation.nextAttempt(progress.attempt()));
            }
        }
        throw new IllegalStateException("Stripe made the object, but its id was never recorded");
    }

    /**
     * Retries a failure. Stripe stores some failures under their key and forgets others; a repeated call shows which. Only a
     * stored one calls for another key, and so for a look first.
     */
    private void getOver(StripeAway away, int failures, long begun, Runnable nextAttempt) {
        boolean answered = away.reason().status() >= 500;
        if (!answered || failures > FAILURES_AT_MOST) {
            throw away;
        }
        if (away.storedAnswer()) {
            nextAttempt.run();
        }
        pause(failures, begun, away);
    }

    /** A later attempt follows one with unknown effect, and Stripe may have forgotten an old key: then the object may exist. */
    private boolean mustLook(Progress progress) {
        return progress.attempt() > 1 || progress.since().plus(KEY_LASTS).isBefore(clock.instant());
    }

    private void pause(int round, long begun, StripeRefused because) {
        Duration longest = Background.isOn() ? LONGEST_IN_BACKGROUND : LONGEST;
        if (round == ROUNDS || nanoTime.getAsLong() - begun > longest.toNanos()) {
            throw because;
        }
        try {
            Thread.sleep(Math.min(FIRST_PAUSE.toMillis() * round, LONGEST_PAUSE.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw because;
        }
    }
}
