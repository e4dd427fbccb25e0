package io.coachpay.stripe;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One page of a listing, newest first. An interrupted listing resumes with the last page's {@link #next()}.
 *
 * @param data the page's objects
 * @param next the cursor of the next page, null on the last one
 */
public record StripePage<T>(List<T> data, @Nullable String next) {

    public StripePage {
        data = List.copyOf(data);
    }
}
