package io.coachpay.inbox;

import static io.restassured.RestAssured.given;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.restassured.response.Response;

/**
 * One event on its way to the service.
 *
 * @param body of the request
 */
record Delivery(String eventId, String objectId, String body) {

    static final String PLATFORM = "/webhooks/stripe";
    static final String CONNECT = "/webhooks/stripe/connect";

    /** An event of the platform's about a new object. */
    static Delivery of(String type) {
        return of(type, "");
    }

    /** @param more further fields of the object, each with a comma in front */
    static Delivery of(String type, String more) {
        return of(type, more, null);
    }

    static Delivery of(String type, String more, @Nullable String account) {
        String id = UUID.randomUUID().toString().replace("-", "");
        String eventId = "evt_" + id;
        String objectId = "note_" + id;
        return new Delivery(eventId, objectId, """
                {"id":"%s","object":"event","api_version":"2026-07-29.dahlia","created":%d,%s"livemode":false,"type":"%s",
                 "data":{"object":{"id":"%s","object":"note"%s}}}""".formatted(eventId, Instant.now().getEpochSecond(),
                account == null ? "" : "\"account\":\"" + account + "\",", type, objectId, more));
    }

    /** Posts it to the platform's endpoint, signed as Stripe would. */
    Response post() {
        return post(PLATFORM, Signed.header(Signed.PLATFORM_SECRET, body, Instant.now()));
    }

    Response post(String path, String signature) {
        return given().header(Signature.HEADER, signature).contentType("application/json").body(body).post(path);
    }
}
