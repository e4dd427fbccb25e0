package io.coachpay.sandbox;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonObject;

/**
 * Remembers the answer to each idempotency key, errors included, for 24 hours.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Stripe: idempotent requests</a>
 */
final class IdempotencyKeys {

    private static final long KEPT_SECONDS = 24 * 60 * 60;

    private final VirtualClock clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private final Set<String> running = new HashSet<>();
    private final Map<String, String> fingerprints = new HashMap<>();

    private record Kept(String fingerprint, int status, String body, long at) {
    }

    IdempotencyKeys(VirtualClock clock) {
        this.clock = clock;
    }

    /**
     * Begins a request under its key.
     *
     * @param fingerprint of method, path and parameters
     * @return the earlier answer to replay, or null if the operation is to run; then {@link #end} or {@link #forget} must
     *         follow
     */
    @Nullable
    Answer begin(String scope, String fingerprint) {
        Kept earlier = kept.get(scope);
        if (earlier != null && earlier.at + KEPT_SECONDS < clock.seconds()) {
            kept.remove(scope);
            earlier = null;
        }
        String first = earlier != null ? earlier.fingerprint : fingerprints.get(scope);
        if (first != null && !first.equals(fingerprint)) {
            throw StripeError.status(400, "idempotency_error", null,
                    "Keys for idempotent requests can only be used with the same"
                            + " parameters they were first used with. Try using a key other than the one that was sent.");
        }
        if (running.contains(scope)) {
            throw StripeError.status(409, "idempotency_error", "idempotency_key_in_use",
                    "There is currently another in-progress request using this idempotency key.");
        }
        if (earlier != null) {
            return Answer.ofJson(earlier.status, earlier.body).with("Idempotent-Replayed", "true");
        }
        running.add(scope);
        fingerprints.put(scope, fingerprint);
        return null;
    }

    /** Stores the answer for later requests with the same key, unless the key was forgotten meanwhile. */
    void end(String scope, Answer answer) {
        if (!running.remove(scope)) {
            return;
        }
        String fingerprint = fingerprints.remove(scope);
        kept.put(scope, new Kept(fingerprint == null ? "" : fingerprint, answer.status(), answer.body(), clock.seconds()));
    }

    /** Frees the key, because the operation never began. */
    void forget(String scope) {
        running.remove(scope);
        fingerprints.remove(scope);
    }

    void forgetOld() {
        long oldest = clock.seconds() - KEPT_SECONDS;
        kept.values().removeIf(each -> each.at < oldest);
    }

    JsonObject save() {
        JsonObject saved = new JsonObject();
        kept.forEach((scope, each) -> saved.put(scope,
                Json.object("fingerprint", each.fingerprint, "status", each.status, "body", each.body, "at", each.at)));
        return saved;
    }

    void load(JsonObject saved) {
        for (String scope : saved.fieldNames()) {
            JsonObject each = saved.getJsonObject(scope);
            kept.put(scope, new Kept(each.getString("fingerprint"), each.getInteger("status"), each.getString("body"),
                    each.getLong("at")));
        }
    }
}
