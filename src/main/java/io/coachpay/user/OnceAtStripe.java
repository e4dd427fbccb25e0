package io.coachpay.user;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeRefused;

/**
 * Makes an object at Stripe for a row of ours exactly once, however many ask for it at once and whatever fails meanwhile:
 * record, call, record, with one idempotency key for each attempt that the row counts.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Stripe: idempotent requests</a>
 */
@ApplicationScoped
public class OnceAtStripe {

    /** Stripe forgets keys after 24 hours; well before that a look takes the key's place. */
    private static final Duration KEY_LASTS = Duration.ofHours(20);
    private static final int ROUNDS = 20;
    private static final int FAILURES_AT_MOST = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Clock clock;

    OnceAtStripe(Clock clock) {
        this.clock = clock;
    }

    /**
     * Where the row stands.
     *
     * @param stripeId null while Stripe is not known to have the object
     * @param attempt part of the key
     * @param since when the row was written: no attempt is older
     */
    public record Standing(@Nullable String stripeId, int attempt, Instant since) {
    }

    /** What making one kind of object takes. None of these verbs is called inside a transaction. */
    public interface Making {

        /** The row as it stands, written now if there is none. */
        Standing standing();

        /** Asks Stripe for the object that carries the row's id, and notes it; whether there is one. */
        boolean find();

        /** Has Stripe make it, with parameters and key that follow from the row and the attempt alone, and notes it. */
        void create(int attempt);

        /** Counts on from the attempt whose answer is spoiled, unless somebody else has. */
        void nextAttempt(int after);
    }

    /**
     * Stripe's id of the object, made now if need be.
     *
     * @throws StripeRefused when Stripe refuses or is away; asking again later goes on from there
     */
    public String idOf(Making making) {
        int failures = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            Standing standing = making.standing();
            if (standing.stripeId() != null) {
                return standing.stripeId();
            }
            try {
                if (!mustLook(standing) || !making.find()) {
                    making.create(standing.attempt());
                }
            } catch (StripeRefused.KeyInUse inUse) {
                // Somebody else is making it this moment: their answer is ours too.
                pause(round, inUse);
            } catch (StripeAway away) {
                failures++;
                getOver(away, failures, making, standing);
            }
        }
        throw new IllegalStateException("Stripe made the object, but its id was never noted");
    }

    /**
     * Stripe keeps some failures under their key and forgets others; asked once more it shows which. Only one that is kept
     * calls for another key, and so for a look first.
     */
    private static void getOver(StripeAway away, int failures, Making making, Standing standing) {
        boolean answered = away.reason().status() >= 500;
        if (!answered || failures > FAILURES_AT_MOST) {
            throw away;
        }
        if (away.storedAnswer()) {
            making.nextAttempt(standing.attempt());
        } else {
            pause(failures, away);
        }
    }

    /** A later attempt follows one whose effect nobody knows, and an old key may be forgotten: then the object may be there. */
    private boolean mustLook(Standing standing) {
        return standing.attempt() > 1 || standing.since().plus(KEY_LASTS).isBefore(clock.instant());
    }

    private static void pause(int round, StripeRefused because) {
        if (round == ROUNDS) {
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
