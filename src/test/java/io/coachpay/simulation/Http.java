package io.coachpay.simulation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Requests with as little around them as possible, because a story makes a hundred of them. */
public final class Http {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    /** Longer than the service waits for Stripe. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI base;
    private final String authorization;

    public Http(URI base, String authorization) {
        this.base = base;
        this.authorization = authorization;
    }

    /** The sandbox, with the platform's key; its controls need none. */
    static Http sandbox() {
        return of(URI.create(ConfigProvider.getConfig().getValue("coachpay.sandbox.url", String.class)), "sk_test_dashboard");
    }

    /** A sandbox, with this key. */
    public static Http of(URI sandbox, String key) {
        return new Http(sandbox,
                "Basic " + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.US_ASCII)));
    }

    public Reply get(String path) {
        return get(path, Map.of());
    }

    Reply get(String path, Map<String, String> headers) {
        return send("GET", path, null, headers);
    }

    Reply delete(String path) {
        return send("DELETE", path, null, Map.of());
    }

    /** @param body becomes JSON; a text is JSON already */
    public Reply json(String method, String path, Object body) {
        return json(method, path, body, Map.of());
    }

    public Reply json(String method, String path, Object body, Map<String, String> headers) {
        try {
            String text = body instanceof String written ? written : JSON.writeValueAsString(body);
            return send(method, path, text, with(headers, "Content-Type", "application/json"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A form, as Stripe takes it. */
    public Reply form(String path, String form, Map<String, String> headers) {
        return send("POST", path, form, with(headers, "Content-Type", "application/x-www-form-urlencoded"));
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(name, value);
        return all;
    }

    private Reply send(String method, String path, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).method(method, body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), read(answer.body()));
        } catch (IOException lost) {
            return new Reply(0, MissingNode.getInstance());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String body) {
        try {
            return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException aPage) {
            return MissingNode.getInstance();
        }
    }
}
