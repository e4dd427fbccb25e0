package io.coachpay.http;

import java.util.UUID;

import jakarta.enterprise.context.RequestScoped;

import org.jspecify.annotations.Nullable;

/**
 * Which request this is, however often it is sent. What a request writes down once is written with this id, so that whoever
 * sends it again under its {@code Idempotency-Key}, while the first is still at work or after it was cut off, finds that and
 * goes on with it.
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
