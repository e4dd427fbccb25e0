package io.coachpay.http;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Refuses requests that do not name exactly one host: a proxy in front could route them differently than we do.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, section 3.2</a>
 */
@ApplicationScoped
class Framing {

    /** Before Quarkus authenticates the caller (-200). */
    private static final int ORDER = -1000;

    private final Bodies bodies;

    Framing(Bodies bodies) {
        this.bodies = bodies;
    }

    void add(@Observes Router router) {
        router.route().order(ORDER).handler(this::look).failureHandler(this::fail);
    }

    private void look(RoutingContext routed) {
        if (isForOneHost(routed.request())) {
            routed.next();
        } else {
            refuse(routed.request());
        }
    }

    /** Vert.x notices a missing host by itself, and throws before any handler runs. */
    private void fail(RoutingContext routed) {
        if (routed.statusCode() == 400 && routed.request().authority() == null) {
            refuse(routed.request());
        } else {
            routed.next();
        }
    }

    private void refuse(HttpServerRequest request) {
        NotForOneHost refused = new NotForOneHost();
        bodies.refused(refused);
        EarlyRefusal.answer(request, refused);
        request.connection().close();
    }

    private static boolean isForOneHost(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        return hosts.size() == 1 && !hosts.get(0).isEmpty() && request.authority() != null
                || hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_0;
    }

    private static final class NotForOneHost extends Refused {
        NotForOneHost() {
            super("invalid-request", 400, "Bad Request", "A request must name exactly one host, in one Host header");
        }
    }
}
