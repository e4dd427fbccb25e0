package io.coachpay.sandbox;

import java.net.URI;
import java.util.List;
import java.util.Locale;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A receiver of events.
 *
 * @param secrets sign each event, one signature each; Stripe rolls a secret by using two
 */
public record WebhookEndpoint(Kind kind, URI url, List<String> secrets) {

    /** The events of an endpoint: the platform's own, or those of all connected accounts. */
    public enum Kind {
        PLATFORM("whsec_dev_platform"),
        CONNECT("whsec_dev_connect");

        private final String developmentSecret;

        Kind(String developmentSecret) {
            this.developmentSecret = developmentSecret;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public WebhookEndpoint {
        secrets = List.copyOf(secrets);
    }

    /** An endpoint with the secret of every development setup. */
    public static WebhookEndpoint of(Kind kind, URI url) {
        return new WebhookEndpoint(kind, url, List.of(kind.developmentSecret));
    }

    static WebhookEndpoint parse(JsonObject json) {
        Kind kind = switch (json.getString("kind", "")) {
            case "platform" -> Kind.PLATFORM;
            case "connect" -> Kind.CONNECT;
            default -> throw StripeError.invalid("kind must be platform or connect", "kind");
        };
        URI url = URI.create(json.getString("url", ""));
        if (!url.isAbsolute()) {
            throw StripeError.invalid("url must be absolute", "url");
        }
        JsonArray secrets = json.getJsonArray("secrets");
        if (secrets != null && !secrets.isEmpty()) {
            return new WebhookEndpoint(kind, url, Json.strings(secrets));
        }
        return new WebhookEndpoint(kind, url, List.of(json.getString("secret", kind.developmentSecret)));
    }

    JsonObject json() {
        return Json.object("kind", kind.word(), "url", url.toString(), "secrets", new JsonArray(secrets));
    }
}
