package io.coachpay.http;

import jakarta.enterprise.context.RequestScoped;

import org.jspecify.annotations.Nullable;

/**
 * The earlier answer to the same idempotency key, for endpoints whose answers hold a secret ({@link HoldsSecret}): answers are
 * stored without it, and built again from the ids in them.
 */
@RequestScoped
public class Replay {

    private @Nullable String body;

    /** Whether this request has been answered before. */
    public boolean isOne() {
        return body != null;
    }

    /** The earlier answer's JSON, without its secrets; null when this request is not a replay. */
    public @Nullable String body() {
        return body;
    }

    void of(String earlierBody) {
        this.body = earlierBody;
    }
}
