package io.coachpay.stripe;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One page of a listing, newest first. A listing that was interrupted goes on from the last page's {@link #next()}.
 *
 * @param data the page's objects
 * @param next where the next page starts, null on the last one
 */
public record StripePage<T>(List<T> data, @Nullable String next) {

    public StripePage {
        data = List.copyOf(data);
    }
}
