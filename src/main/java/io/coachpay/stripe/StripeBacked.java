package io.coachpay.stripe;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A row of ours that stands for one object at Stripe, as it was read.
 *
 * @param row all that the calls for it follow from
 * @param id the row's, which the object carries in its metadata
 * @param stripeId null while the row does not know the object
 * @param attempt the number of the call that is next; part of its key
 * @param soughtFrom no call for the row, and no object made by one, is older
 */
public record StripeBacked<R>(R row, UUID id, @Nullable String stripeId, int attempt, Instant soughtFrom) {

    /** The attempt after that one, whose key is spent; where another worker has moved the row on since, the row's own. */
    public static int next(int attempt, int after) {
        return attempt == after ? attempt + 1 : attempt;
    }
}
