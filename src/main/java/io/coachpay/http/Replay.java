package io.coachpay.http;

import java.util.Objects;
import java.util.UUID;

import jakarta.enterprise.context.RequestScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The earlier answer to the same idempotency key, for endpoints whose answers hold a secret ({@link HoldsSecret}): answers are
 * stored without it, and built again from the ids in them.
 */
@RequestScoped
public class Replay {

    private @Nullable JsonNode earlier;

    /** Whether this request has been answered before. */
    public boolean isOne() {
        return earlier != null;
    }

    /** An id in the earlier answer, by its member's name. */
    public UUID id(String member) {
        return UUID.fromString(Objects.requireNonNull(earlier, "The request is no replay").path(member).asText());
    }

    void of(JsonNode earlierAnswer) {
        this.earlier = earlierAnswer;
    }
}
