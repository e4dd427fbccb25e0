package io.coachpay.inbox;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.NotFound;
import io.coachpay.http.Refused;
import io.coachpay.http.RequestId;
import io.coachpay.inbox.WebhookRefused.Reason;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Where Stripe delivers events. All that happens here is: verify, read the envelope, store, answer.
 * <p>
 * A plain route on the event loop rather than a resource: no thread is held while the commit is under way, so a hundred
 * deliveries at once wait for one commit, and none of them behind a slow request of somebody else's.
 *
 * @see <a href="https://docs.stripe.com/webhooks">Stripe: webhooks</a>
 */
@ApplicationScoped
class WebhookRoute {

    static final String PLATFORM_PATH = "/webhooks/stripe";
    static final String CONNECT_PATH = "/webhooks/stripe/connect";

    private static final Logger LOG = Logger.getLogger(WebhookRoute.class);
    private static final int LARGEST_BODY = 1024 * 1024;

    private final ArrivalQueue queue;
    private final EventHandlers handlers;
    private final InboxMetrics metrics;
    private final InboxSettings settings;
    private final Clock clock;
    /** What Stripe signs by, whatever time the service plays. */
    private final Clock wallClock = Clock.systemUTC();
    private final boolean livemode;

    WebhookRoute(ArrivalQueue queue, EventHandlers handlers, InboxMetrics metrics, InboxSettings settings, Clock clock,
            @ConfigProperty(name = "coachpay.stripe.secret-key", defaultValue = "") String secretKey) {
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
        router.post(path).handler(request -> {
            if (signing.isEmpty()) {
                refuse(request.response(), new NotFound("webhook endpoint: its signing secret is not set"));
                return;
            }
            new Body(request.request(), body -> receive(request, endpoint, signing, body)).read();
        });
    }

    private void receive(RoutingContext request, Endpoint endpoint, SigningSecrets secrets, @Nullable Buffer body) {
        if (body == null) {
            refuse(request.response(), new TooLarge());
            return;
        }
        try {
            byte[] bytes = body.getBytes();
            secrets.verify(Signature.of(request.request().headers().getAll(Signature.HEADER)), bytes, wallClock.instant());
            String payload = EnvelopeReader.text(bytes);
            store(request.response(), endpoint, EnvelopeReader.read(bytes), payload);
        } catch (WebhookRefused refused) {
            LOG.debugf("Refused at %s: %s", endpoint, refused.getMessage());
            metrics.refused(endpoint, refused.reason());
            refuse(request.response(), refused);
        }
    }

    private void store(HttpServerResponse response, Endpoint endpoint, Envelope envelope, String payload) {
        requireFor(endpoint, envelope);
        if (envelope.livemode() != livemode) {
            if (endpoint == Endpoint.PLATFORM) {
                throw new WebhookRefused(Reason.WRONG_MODE, "This service expects events with livemode=" + livemode);
            }
            // Stripe sends a live Connect endpoint the test events too, and closes an endpoint that keeps refusing.
            metrics.refused(endpoint, Reason.WRONG_MODE);
            response.end();
            return;
        }
        Context here = Vertx.currentContext();
        queue.add(Arrival.of(endpoint, envelope, payload, clock.instant(), handlers))
                .whenComplete((isNew, failure) -> here.runOnContext(nothing -> answer(response, failure)));
    }

    private static void requireFor(Endpoint endpoint, Envelope envelope) {
        if (endpoint == Endpoint.PLATFORM && envelope.account() != null && !envelope.thin()) {
            throw new WebhookRefused(Reason.WRONG_ENDPOINT, "Events of connected accounts belong to " + CONNECT_PATH);
        }
        if (endpoint == Endpoint.CONNECT && envelope.account() == null && !envelope.thin()) {
            throw new WebhookRefused(Reason.WRONG_ENDPOINT, "The platform's own events belong to " + PLATFORM_PATH);
        }
    }

    private static void answer(HttpServerResponse response, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause == null) {
            response.end();
        } else if (cause instanceof Refused refused) {
            refuse(response, refused);
        } else {
            LOG.error("An event could not be answered", cause);
            refuse(response, new InboxUnavailable("The event could not be stored"));
        }
    }

    private static void refuse(HttpServerResponse response, Refused refused) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (refused.status() == 503) {
            response.putHeader("Retry-After", "5");
        }
        response.setStatusCode(refused.status()).putHeader("Content-Type", "application/problem+json")
                .end(new JsonObject().put("type", Refused.URN + refused.name()).put("title", refused.title())
                        .put("status", refused.status()).put("detail", refused.getMessage())
                        .put(RequestId.NAME, response.headers().get(RequestId.HEADER)).encode());
    }

    /** Collects a body, and gives up when it is too large. */
    private static final class Body {

        private final HttpServerRequest request;
        private final java.util.function.Consumer<@Nullable Buffer> then;
        private Buffer collected = Buffer.buffer();
        private boolean tooLarge;

        Body(HttpServerRequest request, java.util.function.Consumer<@Nullable Buffer> then) {
            this.request = request;
            this.then = then;
        }

        void read() {
            request.handler(this::add).endHandler(end -> {
                if (!tooLarge) {
                    then.accept(collected);
                }
            }).resume();
        }

        private void add(Buffer part) {
            if (tooLarge) {
                return;
            }
            if (collected.length() + part.length() > LARGEST_BODY) {
                tooLarge = true;
                collected = Buffer.buffer();
                request.response().putHeader("Connection", "close");
                then.accept(null);
                return;
            }
            collected.appendBuffer(part);
        }
    }

    private static final class TooLarge extends Refused {
        TooLarge() {
            super("too-large", 413, "Request too large", "An event may have " + LARGEST_BODY + " bytes at most");
        }
    }
}
