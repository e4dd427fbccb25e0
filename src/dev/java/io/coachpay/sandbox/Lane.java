package io.coachpay.sandbox;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;

/** The deliveries to one endpoint: a bounded number at once, retried with growing pauses, given up in the end. */
final class Lane {

    static final int AT_ONCE = 16;

    private static final Logger LOG = System.getLogger(Lane.class.getName());
    private static final int MOST_WAITING = 100_000;
    private static final int TRIES = 12;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;
    private static final long PATIENCE_MILLIS = 10_000;

    private final Vertx vertx;
    private final HttpClient client;
    private final WebhookEndpoint endpoint;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private final Deque<Delivery> overtaken = new ArrayDeque<>();
    private final Set<Delivery> unfinished = new LinkedHashSet<>();
    private int underWay;
    private boolean closed;

    /** One event on its way; identity counts, because duplicates are deliveries of their own. */
    private static final class Delivery {
        private final JsonObject event;
        private final Buffer body;
        private final boolean wronglySigned;
        private int tries;

        Delivery(JsonObject event, Buffer body, boolean wronglySigned) {
            this.event = event;
            this.body = body;
            this.wronglySigned = wronglySigned;
        }
    }

    Lane(Vertx vertx, HttpClient client, WebhookEndpoint endpoint) {
        this.vertx = vertx;
        this.client = client;
        this.endpoint = endpoint;
    }

    WebhookEndpoint endpoint() {
        return endpoint;
    }

    /** Queues the event in the given form; the stored event counts the deliveries still pending. */
    void post(JsonObject event, JsonObject form, boolean wronglySigned) {
        queue(waiting, event, form, wronglySigned);
    }

    /** Queues the event behind all that is on its way, since parallel deliveries would arrive in any order. */
    void postBehind(JsonObject event) {
        queue(overtaken, event, event, false);
    }

    private void queue(Deque<Delivery> queue, JsonObject event, JsonObject form, boolean wronglySigned) {
        if (closed || unfinished.size() >= MOST_WAITING) {
            LOG.log(Level.WARNING, "Dropped event {0}: the queue of {1} is closed or full", event.getString("id"),
                    endpoint.url());
            return;
        }
        Delivery delivery = new Delivery(event, Buffer.buffer(form.encodePrettily()), wronglySigned);
        unfinished.add(delivery);
        queue.add(delivery);
        next();
    }

    /** The number of deliveries that have neither arrived nor been given up. */
    int unfinished() {
        return unfinished.size();
    }

    List<JsonObject> undelivered() {
        List<JsonObject> events = new ArrayList<>();
        unfinished.forEach(delivery -> events.add(delivery.event));
        return events;
    }

    void close() {
        closed = true;
        waiting.clear();
        overtaken.clear();
    }

    private void next() {
        while (!closed && underWay < AT_ONCE && !waiting.isEmpty()) {
            begin(waiting.remove());
        }
        if (!closed && underWay == 0 && !overtaken.isEmpty()) {
            begin(overtaken.remove());
        }
    }

    private void begin(Delivery delivery) {
        underWay++;
        attempt(delivery);
    }

    private void attempt(Delivery delivery) {
        delivery.tries++;
        long seconds = System.currentTimeMillis() / 1000;
        List<String> secrets = delivery.wronglySigned ? List.of("whsec_wrong") : endpoint.secrets();
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(endpoint.url().toString())
                .setTimeout(PATIENCE_MILLIS);
        client.request(options)
                .compose(request -> request.putHeader("Content-Type", "application/json; charset=utf-8")
                        .putHeader("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
                        .putHeader("Stripe-Signature", Signature.header(secrets, seconds, delivery.body.getBytes()))
                        .send(delivery.body))
                .compose(response -> response.end().map(done -> response.statusCode()))
                .onComplete(result -> settle(delivery, result.succeeded() ? result.result() : 0));
    }

    /** @param status of the answer, 0 if there was none */
    private void settle(Delivery delivery, int status) {
        underWay--;
        if (status >= 200 && status < 300) {
            unfinished.remove(delivery);
            delivery.event.put("pending_webhooks", Math.max(0, delivery.event.getInteger("pending_webhooks", 1) - 1));
        } else if (delivery.tries >= TRIES) {
            LOG.log(Level.WARNING, "Gave up on event {0} for {1}, last answer {2}", delivery.event.getString("id"),
                    endpoint.url(),
                    status);
            // Stripe counts it as not delivered for good.
            unfinished.remove(delivery);
        } else if (!closed) {
            long pause = Math.min(FIRST_PAUSE_MILLIS << (delivery.tries - 1), LONGEST_PAUSE_MILLIS);
            vertx.setTimer(pause, timer -> {
                waiting.add(delivery);
                next();
            });
        }
        next();
    }

}
