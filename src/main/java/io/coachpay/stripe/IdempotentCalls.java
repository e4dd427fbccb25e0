package io.coachpay.stripe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
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
     * An object that Stripe has.
     *
     * @param fresh as Stripe answered; null where the row knew it before
     */
    public record Ensured<S>(String stripeId, @Nullable S fresh) {

        /** The object itself, retrieved where it was known before. */
        public S orRetrieve(Function<String, S> retrieve) {
            return fresh == null ? retrieve.apply(stripeId) : fresh;
        }
    }

    /** One object being made. It keeps the row as it was last read: a refusal is an answer to that attempt. */
    public static final class Making<R, S> {

        private final Creation<R, S> creation;
        private final UUID id;
        private @Nullable StripeBacked<R> unused;
        private StripeBacked<R> last;

        @SuppressWarnings("NullAway.Init") // ensure() reads it first
        public Making(Creation<R, S> creation, UUID id) {
            this.creation = creation;
            this.id = id;
        }

        /** Of a row that was read or written just now: the first round does not read it again. */
        public Making(Creation<R, S> creation, StripeBacked<R> row) {
            this.creation = creation;
            this.id = row.id();
            this.unused = row;
            this.last = row;
        }

        public R row() {
            return last.row();
        }

        public int attempt() {
            return last.attempt();
        }

        private StripeBacked<R> read() {
            last = unused == null ? creation.read().apply(id) : unused;
            unused = null;
            return last;
        }

        private @Nullable Ensured<S> find(Clock clock) {
            Instant asked = clock.instant();
            return note(creation.find().apply(row()), asked);
        }

        private @Nullable Ensured<S> create(Clock clock) {
            Instant asked = clock.instant();
            String key = key(creation.noun(), last.id(), creation.operation(), attempt());
            return note(creation.create().apply(row(), key), asked);
        }

        private @Nullable Ensured<S> note(Optional<S> object, Instant asked) {
            String stripeId = object.isEmpty() ? null : creation.note().note(row(), object.get(), asked);
            return stripeId == null ? null : new Ensured<>(stripeId, object.get());
        }

        private void nextAttempt(int after) {
            creation.nextAttempt().accept(last.id(), after);
        }
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

        /** The number of the next call, as the row counts it now. It is read once, when the change begins. */
        int attempt();

        /** Asks Stripe for the change, with parameters and key that follow from the row and the attempt alone. */
        T call(int attempt);

        /** Moves the row to the attempt after that one, unless another caller has. */
        void nextAttempt(int after);

        /** The number under which a caller goes on where the answer to that one, which is spent, decided nothing. */
        default int following(int spent) {
            return spent + 1;
        }
    }

    /**
     * Changes an object at Stripe, and returns Stripe's answer. Stripe stores its answer under a key, refusals and failures
     * too, so that a repeated call gets the same answer for a day, whatever has become of the object. So a number is used until
     * its answer is known, and never by a change that begins after.
     * <p>
     * A caller goes from number to number by the answers that it heard, wherever others have moved the row meanwhile. Of two
     * callers at once Stripe lets one wait, and tells both the same: under the row's next number the second would ask again for
     * what the first has got.
     *
     * @throws StripeRefused when Stripe refuses, so that the next call has another key, or is away, so that it has the same
     */
    public <T> T change(Change<T> change) {
        int failures = 0;
        long begun = nanoTime.getAsLong();
        int attempt = change.attempt();
        for (int round = 1; round <= ROUNDS; round++) {
            try {
                T told = change.call(attempt);
                change.nextAttempt(attempt);
                return told;
            } catch (StripeRefused.KeyInUse inUse) {
                // Another caller asks for it this moment: what Stripe tells them, it tells us under the same number.
                pause(round, begun, inUse);
            } catch (StripeRefused.KeyReused otherForm) {
                change.nextAttempt(attempt);
                attempt = change.following(attempt);
            } catch (StripeAway away) {
                failures++;
                requireAnswer(away, failures);
                if (away.storedAnswer()) {
                    change.nextAttempt(attempt);
                    attempt = change.following(attempt);
                }
                pause(failures, begun, away);
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
     * Has Stripe make the object of a row, unless the row or Stripe has it already.
     *
     * @param id what the row is read by
     * @throws StripeRefused when Stripe refuses or is away; asking again later goes on from there
     * @throws NotWanted where the row has ceased to ask for it
     */
    public <R, S> Ensured<S> ensure(Creation<R, S> creation, UUID id) {
        return ensure(new Making<>(creation, id));
    }

    /** The same, for callers who need the row at the attempt that Stripe refused. */
    public <R, S> Ensured<S> ensure(Making<R, S> making) {
        int failures = 0;
        long begun = nanoTime.getAsLong();
        for (int round = 1; round <= ROUNDS; round++) {
            StripeBacked<R> row = making.read();
            String known = row.stripeId();
            if (known != null) {
                return new Ensured<>(known, null);
            }
            try {
                Ensured<S> ensured = findOrCreate(making, row);
                if (ensured != null) {
                    return ensured;
                }
            } catch (StripeRefused.KeyInUse inUse) {
                // Another caller is making it this moment: their answer is ours too.
                pause(round, begun, inUse);
            } catch (StripeRefused.KeyReused otherForm) {
                // The answer to another form of this call was lost. Whether it made the object, the next round's look tells.
                making.nextAttempt(row.attempt());
            } catch (StripeAway away) {
                failures++;
                requireAnswer(away, failures);
                if (away.storedAnswer()) {
                    making.nextAttempt(row.attempt());
                }
                pause(failures, begun, away);
            }
        }
        throw new IllegalStateException("Stripe made the object, but its id was never recorded");
    }

    /** Null where the row has changed meanwhile, and the next round starts from that. */
    private <R, S> @Nullable Ensured<S> findOrCreate(Making<R, S> making, StripeBacked<R> row) {
        if (!mustLook(row)) {
            return making.create(clock);
        }
        Ensured<S> found = making.find(clock);
        if (found != null) {
            return found;
        }
        StripeBacked<R> now = making.read();
        return now.stripeId() == null && now.attempt() == row.attempt() ? making.create(clock) : null;
    }

    /** Looks for the object of a row at Stripe and notes it if it is there, but makes none; whether it is there. */
    public <R, S> boolean find(Creation<R, S> creation, UUID id) {
        Making<R, S> making = new Making<>(creation, id);
        making.read();
        return making.find(clock) != null;
    }

    /** The idempotency key of one attempt at one operation for a row. */
    public static String key(String noun, UUID id, String operation, int attempt) {
        return noun + ":" + id + ":" + operation + ":" + attempt;
    }

    /**
     * Lets go of a failure that is to be got over, a few times. Stripe stores some failures under their key and forgets others;
     * a repeated call shows which. Only a stored one calls for another key, and so for a look first.
     */
    private static void requireAnswer(StripeAway away, int failures) {
        boolean answered = away.reason().status() >= 500;
        if (!answered || failures > FAILURES_AT_MOST) {
            throw away;
        }
    }

    /** A later attempt follows one whose effect nobody knows, and an old key may be forgotten: then the object may be there. */
    private boolean mustLook(StripeBacked<?> row) {
        return row.attempt() > 1 || row.soughtFrom().plus(KEY_LASTS).isBefore(clock.instant());
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
