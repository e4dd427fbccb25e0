package io.coachpay;

import static io.restassured.RestAssured.given;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;

/** Events as Stripe would post them, made by hand and signed with the secrets of development. */
public final class Webhook {

    private Webhook() {
    }

    /** An event about an object of the platform, of the version the service is pinned to. */
    public static JsonObject event(String type, JsonObject object) {
        return new JsonObject().put("id", "evt_" + UUID.randomUUID().toString().replace("-", "")).put("object", "event")
                .put("api_version", "2026-07-29.dahlia").put("created", Instant.now().getEpochSecond()).put("livemode", false)
                .put("pending_webhooks", 1).put("type", type).put("data", new JsonObject().put("object", object));
    }

    /** Posts it to the platform's endpoint. */
    public static ValidatableResponse post(JsonObject event) {
        return post("/webhooks/stripe", "whsec_dev_platform", event.encode());
    }

    /** Posts a body to an endpoint, signed now with this secret. */
    public static ValidatableResponse post(String endpoint, String secret, String body) {
        long now = Instant.now().getEpochSecond();
        return given().header("Stripe-Signature", "t=" + now + ",v1=" + signature(secret, now, body))
                .contentType("application/json").body(body.getBytes(StandardCharsets.UTF_8)).post(endpoint).then();
    }

    public static String signature(String secret, long timestamp, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal((timestamp + "." + body).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
