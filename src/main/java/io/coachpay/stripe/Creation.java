package io.coachpay.stripe;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The way from a row to its object at Stripe ({@link IdempotentCalls#ensure}). None of these functions is called inside a
 * database transaction; each opens its own.
 *
 * @param noun what the row is, first part of the key
 * @param operation what the call does, third part of the key
 * @param read reads the row, and inserts it where it is made on first need
 * @param find looks for the object that carries the row's id
 * @param create has Stripe make the object, under the given key and with parameters that follow from the row alone. Empty where
 *        Stripe refused and the row has changed for it: the next round asks again. Throws {@link IdempotentCalls.NotWanted}
 *        where the row does not ask for its object any more
 * @param note writes down the object that was found or made
 * @param nextAttempt moves the row on from the given attempt, unless it has moved already
 * @param <R> the row
 * @param <S> Stripe's object
 */
public record Creation<R, S>(String noun, String operation, Function<UUID, StripeBacked<R>> read,
        Function<R, Optional<S>> find, BiFunction<R, String, Optional<S>> create, Note<R, S> note,
        BiConsumer<UUID, Integer> nextAttempt) {

    /** Writes an object down. */
    @FunctionalInterface
    public interface Note<R, S> {

        /**
         * Writes down what Stripe answered.
         *
         * @param asked when Stripe was asked
         * @return Stripe's id that the row has now; null where the row did not accept the object, and the next round asks again
         */
        @Nullable
        String note(R row, S object, Instant asked);
    }
}
