package io.coachpay.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** A response: JSON for the API and the controls, HTML or a redirection for the hosted pages. */
record Answer(int status, String contentType, String body, Map<String, String> headers) {

    private static final String JSON = "application/json";

    static Answer json(int status, JsonObject body) {
        return new Answer(status, JSON, body.encodePrettily(), Map.of());
    }

    static Answer ofJson(int status, String body) {
        return new Answer(status, JSON, body, Map.of());
    }

    static Answer html(int status, String body) {
        return new Answer(status, "text/html; charset=utf-8", body, Map.of());
    }

    static Answer redirect(String location) {
        return new Answer(303, "text/plain; charset=utf-8", "", Map.of("Location", location));
    }

    static Answer of(StripeError refusal) {
        return new Answer(refusal.status(), JSON, refusal.body().encodePrettily(), refusal.headers());
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, contentType, body, more);
    }

    void send(HttpServerResponse response) {
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(status).putHeader("Content-Type", contentType).putHeader("Cache-Control", "no-store");
        headers.forEach(response::putHeader);
        response.end(Buffer.buffer(body));
    }
}
