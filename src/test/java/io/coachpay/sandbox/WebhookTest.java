package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

class WebhookTest extends SandboxTest {

    private WebhookReceiver service;

    @BeforeEach
    void listen() {
        service = new WebhookReceiver();
        JsonArray endpoints = new JsonArray().add(service.endpoint(WebhookEndpoint.Kind.PLATFORM).json())
                .add(service.endpoint(WebhookEndpoint.Kind.CONNECT).json());
        assertThat(stripe.control("PUT", "/webhooks", new JsonObject().put("endpoints", endpoints)).status()).isEqualTo(200);
    }

    @AfterEach
    void stopListening() {
        service.close();
    }

    @Test
    void signsPlatformEvents() {
        stripe.post("/v1/customers", "name", "Alice");

        await().until(() -> !service.ofType("customer.created").isEmpty());

        WebhookReceiver.Received received = service.ofType("customer.created").get(0);
        assertThat(received.path()).isEqualTo("/platform");
        assertThat(received.signedWith("whsec_dev_platform")).isTrue();
        assertThat(received.event().getString("api_version")).isEqualTo(Events.API_VERSION);
        assertThat(received.event().getString("id")).matches("evt_[A-Za-z0-9]{24}");
        assertThat(received.event().getJsonObject("request").getString("id")).startsWith("req_");
    }

    @Test
    void tellsConnectEventsTheirAccount() {
        String account = stripe.onboardedAccount();

        await().until(() -> !service.ofType("account.updated").isEmpty());

        WebhookReceiver.Received received = service.ofType("account.updated").get(0);
        assertThat(received.path()).isEqualTo("/connect");
        assertThat(received.signedWith("whsec_dev_connect")).isTrue();
        assertThat(received.event().getString("account")).isEqualTo(account);
        assertThat(received.event().getJsonObject("data").getJsonObject("previous_attributes").getBoolean("charges_enabled"))
                .isFalse();
    }

    @Test
    void triesAgainUntilItIsAccepted() {
        AtomicInteger tries = new AtomicInteger();
        service.answers(any -> tries.incrementAndGet() < 3 ? 500 : 200);

        String customer = stripe.post("/v1/customers", "name", "Alice").id();

        await().atMost(Duration.ofSeconds(60)).until(() -> service.received().size() == 3);
        await().until(() -> stripe.get("/v1/events").json().getJsonArray("data").getJsonObject(0)
                .getInteger("pending_webhooks") == 0);
        assertThat(service.received())
                .extracting(each -> each.event().getJsonObject("data").getJsonObject("object").getString("id"))
                .containsOnly(customer);
    }

    @Test
    void listsWhatWasDeliveredApartFromWhatWasNot() {
        plan("{\"webhooks\": [{\"match\": {\"type\": \"customer.created\"}, \"times\": 1, \"do\": \"drop\"}]}");
        stripe.post("/v1/customers", "name", "Alice");
        String delivered = stripe.post("/v1/customers", "name", "Bob").id();

        await().until(() -> about("/v1/events?delivery_success=true").equals(List.of(delivered)));
        assertThat(about("/v1/events?delivery_success=false")).hasSize(1).doesNotContain(delivered);
        assertThat(about("/v1/events")).hasSize(2);
        assertThat(stripe.get("/v1/events?delivery_success=perhaps").status()).isEqualTo(400);
    }

    @Test
    void filtersByTwentyTypesAtMost() {
        String twenty = IntStream.range(0, 20).mapToObj(i -> "types[]=type." + i).collect(Collectors.joining("&"));

        assertThat(stripe.get("/v1/events?" + twenty).status()).isEqualTo(200);
        assertThat(stripe.get("/v1/events?" + twenty + "&types[]=customer.created").status()).isEqualTo(400);
        assertThat(stripe.get("/v1/events?type=customer.created&types[]=customer.updated").status()).isEqualTo(400);
    }

    private List<String> about(String events) {
        return Json.objects(stripe.get(events).json().getJsonArray("data")).stream()
                .map(event -> event.getJsonObject("data").getJsonObject("object").getString("id")).toList();
    }

    @Test
    void dropsAndDuplicatesAsPlanned() {
        plan("{\"webhooks\": [{\"match\": {\"type\": \"customer.created\"}, \"times\": 1, \"do\": \"drop\"},"
                + "{\"match\": {\"type\": \"customer.*\", \"kind\": \"platform\"}, \"times\": 1, \"do\": \"duplicate\", \"count\": 4}]}");

        String dropped = stripe.post("/v1/customers", "name", "Alice").id();
        stripe.post("/v1/customers", "name", "Bob");

        await().until(() -> service.ofType("customer.created").size() == 5);
        assertThat(service.received()).noneMatch(each -> each.event().encode().contains(dropped));
        assertThat(stripe.get("/sandbox/faults").json().getJsonArray("webhooks")).extracting("map.applied").containsOnly(1);
    }

    @Test
    void reordersAndDelaysAsPlanned() {
        plan("{\"webhooks\": [{\"match\": {\"type\": \"payment_intent.created\"}, \"do\": \"reorder\", \"count\": 2, \"millis\": 5000}]}");

        stripe.post("/v1/payment_intents", "amount", 1000, "currency", "usd", "confirm", "true", "payment_method",
                "pm_card_visa");

        await().until(() -> service.received().size() >= 4);
        assertThat(service.received().get(0).type()).isNotEqualTo("payment_intent.created");
    }

    @Test
    void tellsWhatIsStillUnderWay() {
        plan("{\"webhooks\": [{\"match\": {\"type\": \"customer.created\"}, \"times\": 1, \"do\": \"delay\", \"millis\": 300},"
                + "{\"match\": {\"type\": \"customer.updated\"}, \"times\": 1, \"do\": \"reorder\", \"count\": 3, \"millis\": 300}]}");

        String customer = stripe.post("/v1/customers", "name", "Alice").id();
        stripe.post("/v1/customers/" + customer, "name", "Alicia");

        assertThat(stripe.get("/sandbox/under-way").json().getInteger("deliveries")).isEqualTo(2);
        await().until(() -> stripe.get("/sandbox/under-way").json().getInteger("deliveries") == 0);
        assertThat(service.received()).hasSize(2);
    }

    @Test
    void showsOtherVersionsAndWrongSecretsAsPlanned() {
        plan("{\"webhooks\": [{\"times\": 1, \"do\": \"older_version\"}, {\"times\": 1, \"do\": \"newer_version\"}, {\"times\": 1, \"do\": \"wrong_secret\"}]}");
        stripe.post("/v1/customers", "name", "Older");
        stripe.post("/v1/customers", "name", "Newer");
        stripe.post("/v1/customers", "name", "Wrong");

        await().until(() -> service.received().size() == 3);

        assertThat(service.received()).extracting(each -> each.event().getString("api_version"))
                .containsExactlyInAnyOrder("2024-06-20", "2028-01-26.later", Events.API_VERSION);
        assertThat(service.received()).filteredOn(each -> !each.signedWith("whsec_dev_platform")).hasSize(1);
    }

    @Test
    void resendsEvents() {
        stripe.post("/v1/customers", "name", "Alice");
        String event = stripe.get("/v1/events").json().getJsonArray("data").getJsonObject(0).getString("id");

        stripe.control("POST", "/events/" + event + "/resend", new JsonObject().put("count", 20));

        await().until(() -> service.received().size() == 21);
        assertThat(service.received()).extracting(each -> each.event().getString("id")).containsOnly(event);
        assertThat(stripe.control("/events/evt_none/resend").status()).isEqualTo(404);
    }

    @Test
    void refusesEndpointsItCannotUse() {
        JsonObject unknown = new JsonObject().put("endpoints",
                new JsonArray().add(new JsonObject().put("kind", "other").put("url", "http://127.0.0.1/")));

        assertThat(stripe.control("PUT", "/webhooks", unknown).status()).isEqualTo(400);
        assertThat(stripe.control("PUT", "/webhooks", new JsonObject()).status()).isEqualTo(400);
        assertThat(stripe.get("/sandbox/webhooks").json().getJsonArray("endpoints")).hasSize(2);
    }

    private void plan(String json) {
        assertThat(stripe.control("PUT", "/faults", new JsonObject(json)).status()).isEqualTo(200);
    }
}
