package io.coachpay.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.access.Access;
import io.quarkus.security.identity.SecurityIdentity;

/**
 * Handles {@code Idempotency-Key} on every POST of a signed-in user: the same key with the same request gets the same answer,
 * with another request it is refused. Answers of 5xx are not kept, so that the request can be repeated.
 *
 * @see <a href="https://docs.stripe.com/api/idempotent_requests">Stripe: idempotent requests</a>, whose rules it follows
 */
@Provider
@Priority(Priorities.ENTITY_CODER)
class IdempotencyFilter implements ContainerRequestFilter, ContainerResponseFilter {

    static final String HEADER = "Idempotency-Key";
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final String TAKEN = IdempotencyFilter.class.getName();
    static final int LONGEST_KEY = 255;

    private final Idempotency keys;
    private final Access access;
    private final SecurityIdentity caller;
    private final Replay replay;
    private final RequestKey requestKey;
    private final ObjectMapper json;

    IdempotencyFilter(Idempotency keys, Access access, SecurityIdentity caller, Replay replay, RequestKey requestKey,
            ObjectMapper json) {
        this.keys = keys;
        this.access = access;
        this.caller = caller;
        this.replay = replay;
        this.requestKey = requestKey;
        this.json = json;
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String key = request.getHeaderString(HEADER);
        if (key == null || !request.getMethod().equals("POST") || caller.isAnonymous()) {
            return;
        }
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw new InvalidField(HEADER, "must have 1 to " + LONGEST_KEY + " characters");
        }
        byte[] body = request.getEntityStream().readAllBytes();
        request.setEntityStream(new ByteArrayInputStream(body));
        String hash = hash(request, body);
        Idempotency.Attempt attempt = keys.take(access.userId(), key, hash);
        if (attempt.taken() != null) {
            request.setProperty(TAKEN, attempt.taken());
            requestKey.is(attempt.taken().id());
        } else if (attempt.earlier() != null) {
            answerAgain(request, attempt.earlier(), hash);
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) throws IOException {
        if (replay.isOne()) {
            response.getHeaders().putSingle(REPLAYED, "true");
        }
        if (!(request.getProperty(TAKEN) instanceof Idempotency.Taken taken)) {
            return;
        }
        if (response.getStatus() >= 500) {
            keys.release(taken);
            return;
        }
        keys.answer(taken, response.getStatus(), kept(response.getEntity()));
    }

    private void answerAgain(ContainerRequestContext request, Idempotency.Earlier earlier, String hash) throws IOException {
        if (!earlier.requestHash().equals(hash)) {
            throw new KeyUsedOtherwise();
        }
        Integer status = earlier.status();
        String body = earlier.body();
        if (status == null) {
            throw new StillRunning();
        }
        if (body != null && body.startsWith(SECRET_MARK)) {
            replay.of(json.readTree(body.substring(SECRET_MARK.length())));
            return;
        }
        Response.ResponseBuilder answer = Response.status(status).header(REPLAYED, "true");
        if (body != null) {
            answer.entity(body).type(status < 400 ? MediaType.APPLICATION_JSON : "application/problem+json");
        }
        request.abortWith(answer.build());
    }

    /** Precedes a stored answer whose secrets were left out. */
    private static final String SECRET_MARK = "without-secrets:";

    private @Nullable String kept(@Nullable Object entity) throws IOException {
        if (entity == null) {
            return null;
        }
        return entity instanceof HoldsSecret secret ? SECRET_MARK + json.writeValueAsString(secret.withoutSecrets())
                : json.writeValueAsString(entity);
    }

    private static String hash(ContainerRequestContext request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            URI asked = request.getUriInfo().getRequestUri();
            digest.update((asked.getRawPath() + "?" + asked.getRawQuery()).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The key belongs to another request. */
    private static final class KeyUsedOtherwise extends Refused {
        KeyUsedOtherwise() {
            super("idempotency-key-reused", 422, "Idempotency key used for another request",
                    "This Idempotency-Key was sent with another path or body before; a new request needs a new key");
        }
    }

    /** The first request with this key has not been answered yet. */
    private static final class StillRunning extends Refused {
        StillRunning() {
            super("idempotency-key-in-use", 409, "Request still running",
                    "The first request with this Idempotency-Key is still running; ask again in a moment");
            with("retryAfter", 1);
        }
    }
}
