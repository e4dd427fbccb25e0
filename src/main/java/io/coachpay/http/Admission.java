package io.coachpay.http;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.MediaType;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * Admits a request before it gets a thread: its body must be there, and its sender must not have too many requests under way.
 * Bodies of anonymous senders are not read, since no endpoint with a body lets them in; webhooks read their own.
 */
@ApplicationScoped
class Admission {

    /** After Quarkus has authenticated the caller (-200), and before it checks a body's length (-2). */
    private static final int ORDER = -50;

    private final Bodies bodies;
    private final int mostAtOnce;
    private final Map<UUID, Integer> underWay = new ConcurrentHashMap<>();

    Admission(Bodies bodies, HttpSettings settings) {
        this.bodies = bodies;
        this.mostAtOnce = settings.requestsAtOnce();
    }

    void add(@Observes Router router) {
        router.route().order(ORDER).handler(this::admit);
    }

    private void admit(RoutingContext routed) {
        if (routed.request().path().startsWith("/webhooks/")) {
            routed.next();
            return;
        }
        if (!saysWhatItIs(routed.request())) {
            refuse(routed, new UnsupportedType());
            return;
        }
        UUID user = user(routed);
        if (user == null) {
            if (hasBody(routed.request())) {
                routed.addEndHandler(end -> bodies.discard(routed.request()));
            }
            routed.next();
        } else if (begins(user)) {
            routed.addEndHandler(end -> ends(user));
            read(routed);
        } else {
            refuse(routed, new TooMany(mostAtOnce));
        }
    }

    /** Whether the content type can be parsed, or is absent; the framework fails on a malformed one. */
    private static boolean saysWhatItIs(HttpServerRequest request) {
        List<String> types = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
        if (types.isEmpty() || types.size() == 1 && types.get(0).equals(MediaType.APPLICATION_JSON)) {
            return true;
        }
        try {
            MediaType type = MediaType.valueOf(types.get(0));
            return types.size() == 1 && !type.isWildcardType() && !type.isWildcardSubtype();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void read(RoutingContext routed) {
        if (!hasBody(routed.request())) {
            routed.next();
            return;
        }
        bodies.collect(routed.request(), RequestLimits.LARGEST_BODY, body -> {
            routed.addEndHandler(end -> body.forget());
            ((RoutingContextInternal) routed).setBody(body.bytes());
            routed.next();
        }, refused -> EarlyRefusal.answer(routed.request(), refused));
    }

    private void refuse(RoutingContext routed, Refused refused) {
        bodies.refused(refused);
        EarlyRefusal.answer(routed.request(), refused);
        bodies.discard(routed.request());
    }

    private static @Nullable UUID user(RoutingContext routed) {
        return routed.user() instanceof QuarkusHttpUser user ? user.getSecurityIdentity().getAttribute(Access.USER_ID) : null;
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? request.headers().contains(HttpHeaders.TRANSFER_ENCODING) : !length.equals("0");
    }

    private boolean begins(UUID user) {
        if (underWay.merge(user, 1, Integer::sum) <= mostAtOnce) {
            return true;
        }
        ends(user);
        return false;
    }

    private void ends(UUID user) {
        underWay.computeIfPresent(user, (id, requests) -> requests == 1 ? null : requests - 1);
    }

    private static final class UnsupportedType extends Refused {
        UnsupportedType() {
            super("unsupported-media-type", 415, "Unsupported Media Type", "Requests here are sent as application/json");
        }
    }

    private static final class TooMany extends Refused {
        TooMany(int mostAtOnce) {
            super("too-many-requests", 429, "Too many requests",
                    "You have " + mostAtOnce + " requests under way; wait for an answer before the next one");
            with("retryAfter", 1);
        }
    }
}
