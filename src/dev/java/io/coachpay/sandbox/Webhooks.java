package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Posts events to the endpoints of their kind, through the fault plan. */
final class Webhooks {

    private static final long HELD_BACK_MILLIS = 1_000;

    private final Vertx vertx;
    private final Faults faults;
    private final HttpClient client;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private int delayed;

    /** A delivery that waits until some others have overtaken it. */
    private static final class Held {
        private final Runnable delivery;
        private int overtakers;

        Held(Runnable delivery, int overtakers) {
            this.delivery = delivery;
            this.overtakers = overtakers;
        }
    }

    Webhooks(Vertx vertx, Faults faults) {
        this.vertx = vertx;
        this.faults = faults;
        this.client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(2 * Lane.AT_ONCE).setConnectTimeout(2_000)
                .setIdleTimeout(30).setKeepAlive(true));
    }

    /** Replaces the endpoints; pending deliveries to one that stays are still made. */
    void replace(List<WebhookEndpoint> endpoints) {
        List<Lane> before = List.copyOf(lanes);
        lanes.clear();
        for (WebhookEndpoint endpoint : endpoints) {
            Lane lane = before.stream().filter(each -> each.endpoint().equals(endpoint)).findFirst()
                    .orElseGet(() -> new Lane(vertx, client, endpoint));
            lanes.add(lane);
        }
        before.stream().filter(lane -> !lanes.contains(lane)).forEach(Lane::close);
    }

    List<WebhookEndpoint> endpoints() {
        return lanes.stream().map(Lane::endpoint).toList();
    }

    /** The number of deliveries that have not ended, including those that the fault plan holds back. */
    int underWay() {
        return held.size() + delayed + lanes.stream().mapToInt(Lane::unfinished).sum();
    }

    void send(JsonObject event) {
        List<Lane> concerned = lanesFor(event);
        event.put("pending_webhooks", concerned.size());
        List<Held> overtaken = List.copyOf(held);
        for (Lane lane : concerned) {
            Faults.Fault fault = faults.forWebhook(lane.endpoint().kind().word(), event.getString("type"));
            post(lane, event, fault);
        }
        if (!concerned.isEmpty()) {
            overtaken.forEach(this::overtake);
        }
    }

    /** Posts the event again, without faults. */
    void resend(JsonObject event) {
        lanesFor(event).forEach(lane -> lane.post(event, event, false));
    }

    private List<Lane> lanesFor(JsonObject event) {
        WebhookEndpoint.Kind kind = event.containsKey("account") ? WebhookEndpoint.Kind.CONNECT : WebhookEndpoint.Kind.PLATFORM;
        return lanes.stream().filter(lane -> lane.endpoint().kind() == kind).toList();
    }

    private void post(Lane lane, JsonObject event, Faults.@Nullable Fault fault) {
        if (fault == null) {
            lane.post(event, event, false);
            return;
        }
        switch (fault.what()) {
            case "drop" -> {
            }
            case "duplicate" -> {
                for (int i = 0; i <= fault.count(); i++) {
                    lane.post(event, event, false);
                }
            }
            case "delay" -> {
                delayed++;
                vertx.setTimer(Math.max(1, fault.millis()), timer -> {
                    delayed--;
                    lane.post(event, event, false);
                });
            }
            case "reorder" -> holdBack(new Held(() -> lane.postBehind(event), fault.count()), fault.millis());
            case "older_version" -> lane.post(event, Versions.older(event), false);
            case "newer_version" -> lane.post(event, Versions.newer(event), false);
            case "wrong_secret" -> lane.post(event, event, true);
            default -> throw new IllegalStateException("Unknown webhook fault: " + fault.what());
        }
    }

    private void holdBack(Held delivery, long millis) {
        held.add(delivery);
        vertx.setTimer(millis > 0 ? millis : HELD_BACK_MILLIS, timer -> release(delivery));
    }

    private void overtake(Held delivery) {
        if (--delivery.overtakers <= 0) {
            release(delivery);
        }
    }

    private void release(Held delivery) {
        if (held.remove(delivery)) {
            delivery.delivery.run();
        }
    }

    JsonObject save() {
        JsonArray endpoints = new JsonArray();
        JsonArray undelivered = new JsonArray();
        for (Lane lane : lanes) {
            endpoints.add(lane.endpoint().json());
            lane.undelivered()
                    .forEach(body -> undelivered.add(Json.object("url", lane.endpoint().url().toString(), "event", body)));
        }
        return Json.object("endpoints", endpoints, "undelivered", undelivered);
    }

    /** Resumes deliveries that an earlier run did not finish; its endpoints apply unless this run was given some. */
    void load(JsonObject saved) {
        if (lanes.isEmpty()) {
            replace(Json.objects(saved.getJsonArray("endpoints")).stream().map(WebhookEndpoint::parse).toList());
        }
        for (JsonObject each : Json.objects(saved.getJsonArray("undelivered"))) {
            lanes.stream().filter(lane -> lane.endpoint().url().toString().equals(each.getString("url")))
                    .forEach(lane -> lane.post(each.getJsonObject("event"), each.getJsonObject("event"), false));
        }
    }

    void close() {
        lanes.forEach(Lane::close);
        client.close();
    }
}
