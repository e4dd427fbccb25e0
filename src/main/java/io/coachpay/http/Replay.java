package io.coachpay.http;

import jakarta.enterprise.context.RequestScoped;

import org.jspecify.annotations.Nullable;

/**
 * What a request with the same idempotency key was answered with before, for the endpoints whose answers hold a secret
 * ({@link HoldsSecret}): they are kept without it, and built again from the ids that are kept.
 */
@RequestScoped
public class Replay {

    private @Nullable String body;

    /** Whether this request has been answered before. */
    public boolean isOne() {
        return body != null;
    }

    /** The JSON answered before, without its secrets; null when this request is no replay. */
    public @Nullable String body() {
        return body;
    }

    void of(String earlierBody) {
        this.body = earlierBody;
    }
}
