package io.coachpay.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Admits secret test keys, except rolled ones, and each only where it is not restricted. Set by {@code PUT /sandbox/keys},
 * shown by GET, cleared by DELETE.
 *
 * <pre>
 * {"rolled": ["sk_test_old"],
 *  "restricted": [{"key": "sk_test_a", "method": "POST", "path": "/v1/refunds*", "right": "rak_charge_write"}]}
 * </pre>
 *
 * In {@code path}, {@code *} matches anything; without {@code method} every method matches. Stripe's refusal for a missing
 * right has no code (verify).
 *
 * @see <a href="https://docs.stripe.com/keys">Stripe: keys</a>
 */
final class ApiKeys {

    private static final String REFUSED = "invalid_request_error";

    private JsonObject plan = new JsonObject();
    private Set<String> rolled = Set.of();
    private List<Restriction> restrictions = List.of();

    private record Restriction(String key, @Nullable String method, String path, String right) {

        boolean concerns(String usedKey, String usedMethod, String usedPath) {
            return key.equals(usedKey) && (method == null || method.equalsIgnoreCase(usedMethod))
                    && Faults.like(path, usedPath);
        }
    }

    void replace(JsonObject wanted) {
        wanted.fieldNames().stream().filter(name -> !Set.of("rolled", "restricted").contains(name)).findFirst()
                .ifPresent(name -> {
                    throw StripeError.unknown(name);
                });
        List<Restriction> wantedRestrictions = new ArrayList<>();
        for (JsonObject each : Json.objects(wanted.getJsonArray("restricted", new JsonArray()))) {
            wantedRestrictions.add(new Restriction(text(each, "key"), each.getString("method"), text(each, "path"),
                    each.getString("right", "rak_write")));
        }
        rolled = Set.copyOf(Json.strings(wanted.getJsonArray("rolled", new JsonArray())));
        restrictions = wantedRestrictions;
        plan = wanted.copy();
    }

    JsonObject show() {
        return plan.copy();
    }

    /**
     * Refuses a caller without a key, or with one that does not permit this.
     *
     * @param authorization the key as bearer, or as the user name of basic authentication
     */
    void admit(@Nullable String authorization, String method, String path, String account) {
        String key = key(authorization);
        if (key.isEmpty()) {
            throw StripeError.status(401, REFUSED, null, "You did not provide an API key. You need to provide your API key in "
                    + "the Authorization header, using Bearer auth.");
        }
        if (!key.startsWith("sk_test_") && !key.startsWith("rk_test_")) {
            throw StripeError.status(401, REFUSED, null, "Invalid API Key provided: the sandbox takes keys that begin with "
                    + "sk_test_.");
        }
        if (rolled.contains(key)) {
            throw StripeError.status(401, REFUSED, "api_key_expired", "Expired API Key provided: " + masked(key));
        }
        restrictions.stream().filter(restriction -> restriction.concerns(key, method, path)).findFirst().ifPresent(lacking -> {
            throw StripeError.status(403, REFUSED, null, "The provided key '" + masked(key) + "' does not have the required "
                    + "permissions for this endpoint on account '" + account + "'. Having the '" + lacking.right
                    + "' permission would allow this request to continue.");
        });
    }

    private static String key(@Nullable String authorization) {
        if (authorization != null && authorization.startsWith("Bearer ")) {
            return authorization.substring("Bearer ".length());
        }
        return authorization != null && authorization.startsWith("Basic ")
                ? userName(authorization.substring("Basic ".length()))
                : "";
    }

    private static String userName(String credentials) {
        try {
            String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return pair.substring(0, Math.max(pair.indexOf(':'), 0));
        } catch (IllegalArgumentException notEncoded) {
            return "";
        }
    }

    private static String masked(String key) {
        return key.substring(0, "sk_test_".length()) + "*".repeat(20) + key.substring(Math.max(8, key.length() - 4));
    }

    private static String text(JsonObject json, String name) {
        String text = json.getString(name);
        if (text == null) {
            throw StripeError.invalid(name + " is missing", name);
        }
        return text;
    }
}
