package io.coachpay.http;

import java.util.UUID;

import jakarta.enterprise.context.RequestScoped;

import org.jspecify.annotations.Nullable;

/**
 * Identifies a request, however often it is sent. Rows that a request records carry this id. A repetition under the same
 * {@code Idempotency-Key}, sent while the first is still at work or after it was cut off, finds them and continues.
 */
@RequestScoped
public class RequestKey {

    private @Nullable UUID id;

    /** The same for every request with the caller's key, for as long as the key is known; null for one without a key. */
    public @Nullable UUID id() {
        return id;
    }

    void is(UUID keysId) {
        this.id = keysId;
    }
}
