package io.coachpay.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** Refuses on the event loop, before a resource is looked for, with the same problem that {@link RefusedMapper} makes. */
public final class EarlyRefusal {

    private EarlyRefusal() {
    }

    /** Answers a request, unless it is answered or its sender has hung up. */
    public static void answer(HttpServerRequest request, Refused refused) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        JsonObject problem = new JsonObject().put("type", Refused.URN + refused.name()).put("title", refused.title())
                .put("status", refused.status()).put("detail", refused.getMessage()).put("instance", request.path())
                .put(RequestId.NAME, response.headers().get(RequestId.HEADER));
        refused.facts().forEach(problem::put);
        if (refused.facts().get("retryAfter") instanceof Number seconds) {
            response.putHeader("Retry-After", seconds.toString());
        }
        response.setStatusCode(refused.status()).putHeader("Content-Type", "application/problem+json").end(problem.encode());
    }
}
