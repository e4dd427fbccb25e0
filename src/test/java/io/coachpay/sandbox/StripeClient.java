package io.coachpay.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

import io.vertx.core.json.JsonObject;

/** Speaks to a sandbox as a Stripe client would, form-encoded and with a key, and to its controls in JSON. */
final class StripeClient {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI root;
    private final Map<String, String> headers = new LinkedHashMap<>(Map.of("Authorization", "Bearer sk_test_coachpay"));

    /** An answer of the sandbox. */
    record Reply(int status, JsonObject json, HttpResponse<String> response) {

        String id() {
            return json.getString("id");
        }

        JsonObject error() {
            return json.getJsonObject("error");
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    StripeClient(Sandbox sandbox) {
        this(URI.create("http://127.0.0.1:" + sandbox.port()));
    }

    private StripeClient(URI root) {
        this.root = root;
    }

    StripeClient with(String header, String value) {
        StripeClient other = new StripeClient(root);
        other.headers.putAll(headers);
        other.headers.put(header, value);
        return other;
    }

    StripeClient on(String account) {
        return with("Stripe-Account", account);
    }

    Reply get(String path) {
        return send("GET", path, null, null);
    }

    Reply delete(String path) {
        return send("DELETE", path, null, null);
    }

    /** Posts a form of alternating names and values. */
    Reply post(String path, Object... namesAndValues) {
        StringJoiner form = new StringJoiner("&");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.add(encode(namesAndValues[i]) + "=" + encode(namesAndValues[i + 1]));
        }
        return send("POST", path, "application/x-www-form-urlencoded", form.toString());
    }

    Reply control(String method, String path, JsonObject body) {
        return send(method, "/sandbox" + path, "application/json", body.encode());
    }

    Reply control(String path) {
        return control("POST", path, new JsonObject());
    }

    Reply advance(long seconds) {
        return control("POST", "/clock/advance", new JsonObject().put("seconds", seconds));
    }

    JsonObject books() {
        return get("/sandbox/books").json();
    }

    Reply send(String method, String path, String contentType, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path)).method(method,
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
            return new Reply(response.statusCode(), json ? new JsonObject(response.body()) : new JsonObject(), response);
        } catch (IOException lost) {
            throw new java.io.UncheckedIOException(lost);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** A connected account that can be paid. */
    String onboardedAccount() {
        String account = newAccount("US");
        control("/accounts/" + account + "/complete-onboarding");
        return account;
    }

    String newAccount(String country) {
        return post("/v1/accounts", "country", country, "controller[stripe_dashboard][type]", "express",
                "controller[fees][payer]",
                "application", "controller[losses][payments]", "application", "capabilities[card_payments][requested]", "true",
                "capabilities[transfers][requested]", "true").id();
    }

    /** A destination charge, paid with a good card. */
    Reply pay(String account, long amount, long fee, String currency) {
        return post("/v1/payment_intents", "amount", amount, "currency", currency, "application_fee_amount", fee,
                "transfer_data[destination]", account, "payment_method", "pm_card_visa", "confirm", "true",
                "automatic_payment_methods[enabled]", "true", "automatic_payment_methods[allow_redirects]", "never");
    }

    private static String encode(Object value) {
        return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8);
    }
}
