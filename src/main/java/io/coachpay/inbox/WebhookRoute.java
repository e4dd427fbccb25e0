package io.coachpay.inbox;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.Bodies;
import io.coachpay.http.Body;
import io.coachpay.http.EarlyRefusal;
import io.coachpay.http.NotFound;
import io.coachpay.http.Refused;
import io.coachpay.inbox.WebhookRefused.Reason;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;

/**
 * Receives events from Stripe: verifies, reads the envelope, stores, answers, and does nothing else.
 * <p>
 * A plain route on the event loop rather than a resource: no thread is held during the commit, so a hundred deliveries at once
 * wait for one commit, and none of them behind a slow request of another client.
 *
 * @see <a href="https://docs.stripe.com/webhooks">Stripe: webhooks</a>
 */
@ApplicationScoped
class WebhookRoute {

    static final String PLATFORM_PATH = "/webhooks/stripe";
    static final String CONNECT_PATH = "/webhooks/stripe/connect";

    private static final Logger LOG = Logger.getLogger(WebhookRoute.class);
    private static final int LARGEST_BODY = 1024 * 1024;
    /**
     * After a request has its id, its headers and one host (-1000), and before Quarkus authenticates callers (-200) and
     * looks for resources: Stripe is known by its signature, and an identity made for each delivery would cost more than the
     * delivery.
     */
    private static final int ORDER = -900;

    private final Bodies bodies;
    private final ArrivalQueue queue;
    private final EventHandlers handlers;
    private final InboxMetrics metrics;
    private final InboxSettings settings;
    private final Clock clock;
    /** The clock that Stripe signs by; the service's own may be virtual. */
    private final Clock wallClock = Clock.systemUTC();
    private final boolean livemode;

    WebhookRoute(Bodies bodies, ArrivalQueue queue, EventHandlers handlers, InboxMetrics metrics, InboxSettings settings,
            Clock clock,
            @ConfigProperty(name = "coachpay.stripe.secret-key", defaultValue = "") String secretKey) {
        this.bodies = bodies;
        this.queue = queue;
        this.handlers = handlers;
        this.metrics = metrics;
        this.settings = settings;
        this.clock = clock;
        livemode = settings.livemode().orElse(secretKey.contains("_live_"));
    }

    void add(@Observes Router router) {
        open(router, PLATFORM_PATH, Endpoint.PLATFORM, settings.platformSecrets().orElse(List.of()));
        open(router, CONNECT_PATH, Endpoint.CONNECT, settings.connectSecrets().orElse(List.of()));
    }

    private void open(Router router, String path, Endpoint endpoint, List<String> secrets) {
        SigningSecrets signing = new SigningSecrets(secrets, settings.tolerance());
        router.post(path).order(ORDER).handler(routed -> {
            HttpServerRequest request = routed.request();
            if (signing.isEmpty()) {
                EarlyRefusal.answer(request, new NotFound("webhook endpoint: its signing secret is not set"));
                bodies.discard(request);
                return;
            }
            begin(request, endpoint, signing);
        });
    }

    /** Refuses a request before its body is read, when it cannot be Stripe's. */
    private void begin(HttpServerRequest request, Endpoint endpoint, SigningSecrets signing) {
        try {
            Signature signature = Signature.of(request.headers().getAll(Signature.HEADER));
            signing.requireInTime(signature, wallClock.instant());
            bodies.collect(request, LARGEST_BODY, body -> receive(request, endpoint, signing, signature, body),
                    refused -> EarlyRefusal.answer(request, refused));
        } catch (WebhookRefused refused) {
            refuse(request, endpoint, refused);
            bodies.discard(request);
        }
    }

    private void receive(HttpServerRequest request, Endpoint endpoint, SigningSecrets signing, Signature signature, Body body) {
        try {
            byte[] bytes = body.bytes().getBytes();
            signing.verify(signature, bytes, wallClock.instant());
            String payload = EnvelopeReader.text(bytes);
            store(request, endpoint, EnvelopeReader.read(bytes), payload);
        } catch (WebhookRefused refused) {
            refuse(request, endpoint, refused);
        } finally {
            body.forget();
        }
    }

    private void refuse(HttpServerRequest request, Endpoint endpoint, WebhookRefused refused) {
        LOG.debugf("Refused at %s: %s", endpoint, refused.getMessage());
        metrics.refused(endpoint, refused.reason());
        EarlyRefusal.answer(request, refused);
    }

    private void store(HttpServerRequest request, Endpoint endpoint, Envelope envelope, String payload) {
        requireFor(endpoint, envelope);
        if (envelope.livemode() != livemode) {
            if (endpoint == Endpoint.PLATFORM) {
                throw new WebhookRefused(Reason.WRONG_MODE, "This service expects events with livemode=" + livemode);
            }
            // Stripe sends a live Connect endpoint the test events too, and closes an endpoint that keeps refusing.
            metrics.refused(endpoint, Reason.WRONG_MODE);
            request.response().end();
            return;
        }
        Context here = Vertx.currentContext();
        queue.add(Arrival.of(endpoint, envelope, payload, clock.instant(), handlers))
                .whenComplete((isNew, failure) -> here.runOnContext(nothing -> answer(request, failure)));
    }

    private static void requireFor(Endpoint endpoint, Envelope envelope) {
        if (endpoint == Endpoint.PLATFORM && envelope.account() != null && !envelope.thin()) {
            throw new WebhookRefused(Reason.WRONG_ENDPOINT, "Events of connected accounts belong to " + CONNECT_PATH);
        }
        if (endpoint == Endpoint.CONNECT && envelope.account() == null && !envelope.thin()) {
            throw new WebhookRefused(Reason.WRONG_ENDPOINT, "The platform's own events belong to " + PLATFORM_PATH);
        }
    }

    private static void answer(HttpServerRequest request, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause == null) {
            request.response().end();
        } else if (cause instanceof Refused refused) {
            EarlyRefusal.answer(request, refused);
        } else {
            LOG.error("An event could not be answered", cause);
            EarlyRefusal.answer(request, new InboxUnavailable("The event could not be stored"));
        }
    }
}
