package io.coachpay.http;

import java.util.Objects;
import java.util.UUID;

import jakarta.enterprise.context.RequestScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a request with the same idempotency key was answered with before, for the endpoints whose answers hold a secret
 * ({@link HoldsSecret}): they are kept without it, and built again from the ids that are kept.
 */
@RequestScoped
public class Replay {

    private @Nullable JsonNode earlier;

    /** Whether this request has been answered before. */
    public boolean isOne() {
        return earlier != null;
    }

    /** An id of the answer given before, by the name of its member; asked only where there is one. */
    public UUID id(String member) {
        return UUID.fromString(Objects.requireNonNull(earlier, "The request is no replay").path(member).asText());
    }

    void of(JsonNode earlierAnswer) {
        this.earlier = earlierAnswer;
    }
}
