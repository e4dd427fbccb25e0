package io.coachpay.packaged;

import static io.coachpay.packaged.CrashScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.Webhook;
import io.coachpay.packaged.CrashScene.Visitor;
import io.restassured.response.Response;

/**
 * Payments that were made at Stripe while it told nobody, and its events about them, which a test delivers when it pleases: all
 * at once, so that they are applied together.
 */
final class Bunch {

    /** Of the events of a payment those that are applied together with others' at their first attempt. */
    private static final List<String> TYPES = List.of("payment_intent.succeeded", "charge.succeeded", "transfer.created");
    /** A mentee may hold five sessions at once. */
    private static final int MOST_OF_ONE = 4;
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One of the payments. */
    record Payment(Visitor mentee, String id, String session, String intent) {
    }

    private final List<Payment> payments;
    private final List<JsonNode> events;

    private Bunch(List<Payment> payments, List<JsonNode> events) {
        this.payments = payments;
        this.events = events;
    }

    /** Has so many payments made for sessions with one of these coaches after the other. The sandbox delivers nothing then. */
    static Bunch paid(CrashScene scene, List<Visitor> coaches, int count) {
        scene.webhooksGoToAll();
        List<Payment> payments = new ArrayList<>();
        Visitor mentee = scene.somebody("mentee");
        for (int i = 0; i < count; i++) {
            if (i % MOST_OF_ONE == 0) {
                mentee = scene.somebody("mentee");
            }
            String session = scene.booked(mentee, coaches.get(i % coaches.size()));
            Response begun = scene.begun(mentee, session);
            String secret = begun.path("clientSecret");
            scene.pay(secret);
            payments.add(new Payment(mentee, begun.path("transactionId"), session, secret.replaceAll("_secret_.*", "")));
        }
        List<JsonNode> events = new ArrayList<>();
        soon().untilAsserted(() -> {
            events.clear();
            TYPES.forEach(type -> of(payments, type, scene).forEach(events::add));
            assertThat(events).hasSize(TYPES.size() * count);
        });
        return new Bunch(payments, events);
    }

    private static Stream<JsonNode> of(List<Payment> payments, String type, CrashScene scene) {
        Set<String> named = Set.copyOf(payments.stream().flatMap(one -> Stream.of(one.intent(), one.id())).toList());
        List<JsonNode> all = new ArrayList<>();
        scene.stripe().get("/v1/events?limit=100&type=" + type).body().path("data").forEach(all::add);
        return all.stream().filter(event -> Stream.of("id", "payment_intent", "transfer_group")
                .map(field -> event.path("data").path("object").path(field).asText()).anyMatch(named::contains));
    }

    List<Payment> payments() {
        return payments;
    }

    List<JsonNode> events() {
        return events;
    }

    /** For SQL: the events' ids, as a list of literals. */
    String eventIds() {
        return ids(events);
    }

    static String ids(List<JsonNode> events) {
        return literals(events.stream().map(event -> event.path("id").asText()));
    }

    /** For SQL: the payments' ids. */
    String paymentIds() {
        return literals(payments.stream().map(Payment::id));
    }

    private static String literals(Stream<String> values) {
        return values.map(value -> "'" + value + "'").reduce((one, other) -> one + ", " + other).orElseThrow();
    }

    /** Asserts that each event was applied, and that each payment bought its session and was booked once. */
    void isAppliedOnce(CrashScene scene) {
        soon().untilAsserted(() -> assertThat(scene.column("select id from stripe_events where status = 'processed'"
                + " and event_id in (" + eventIds() + ")")).hasSize(events.size()));
        String ofThese = " in (" + paymentIds() + ")";
        assertThat(scene.column("select s.status || ' ' || t.status from transactions t join sessions s on s.id = t.session_id"
                + " where t.id" + ofThese)).hasSize(payments.size()).containsOnly("confirmed completed");
        for (String fact : List.of("payment_logs where status_after = 'completed' and transaction_id",
                "ledger_journals where kind = 'session_paid' and transaction_id", "transfers where transaction_id")) {
            assertThat(scene.column("select transaction_id from " + fact + ofThese)).as(fact).doesNotHaveDuplicates()
                    .hasSize(payments.size());
        }
    }

    /** The attempts at these events, each number once. */
    List<String> attempts(CrashScene scene) {
        return scene.column("select distinct attempts from stripe_events where event_id in (" + eventIds() + ")");
    }

    /** An event that says again what an event of a payment said, as an event of its own. */
    static JsonNode again(JsonNode event) {
        return ((ObjectNode) event.deepCopy()).put("id", "evt_" + UUID.randomUUID().toString().replace("-", ""));
    }

    /** Delivers events to an instance, all at once; returns when each has been accepted. */
    static void deliver(List<JsonNode> events, int port) {
        begin(events, port).forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }

    /** Delivers what Stripe says of the latest charges once they have moved money, such as their fee. */
    static void deliverUpdates(CrashScene scene) {
        List<JsonNode> updates = new ArrayList<>();
        scene.stripe().get("/v1/events?limit=100&type=charge.updated").body().path("data").forEach(updates::add);
        deliver(updates, scene.port());
    }

    /** Begins to deliver events to an instance. */
    static List<CompletableFuture<HttpResponse<Void>>> begin(List<JsonNode> events, int port) {
        return events.stream().map(event -> CLIENT.sendAsync(signed(event.toString(), port), BodyHandlers.discarding()))
                .toList();
    }

    private static HttpRequest signed(String body, int port) {
        long now = Instant.now().getEpochSecond();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhooks/stripe"))
                .header("Content-Type", "application/json")
                .header("Stripe-Signature",
                        "t=" + now + ",v1=" + Webhook.signature(PackagedService.PLATFORM_SECRET, now, body))
                .POST(BodyPublishers.ofString(body)).build();
    }
}
