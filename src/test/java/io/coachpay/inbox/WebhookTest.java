package io.coachpay.inbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.notNullValue;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.ServiceTest;
import io.restassured.response.Response;

@ServiceTest
class WebhookTest {

    @Inject
    StoredEvents stored;

    @Test
    void storesAnEventAndAppliesItOnce() {
        Delivery event = Delivery.of(Notes.CREATED);

        event.post().then().statusCode(200);

        assertThat(stored.awaitStatus(event.eventId(), "processed").payload()).isEqualTo(event.body());
        assertThat(stored.wrote(event.objectId())).isTrue();
        assertThat(stored.get(event.eventId()).account()).isEqualTo("platform");
    }

    @Test
    void storesTwentyConcurrentDuplicatesOnce() throws Exception {
        Delivery event = Delivery.of(Notes.CREATED);
        Callable<Integer> post = () -> event.post().statusCode();
        ExecutorService clients = Executors.newFixedThreadPool(20);

        List<Integer> answers = clients.invokeAll(Stream.generate(() -> post).limit(20).toList()).stream().map(answer -> {
            try {
                return answer.get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }).toList();
        clients.shutdown();

        assertThat(answers).containsOnly(200);
        assertThat(stored.awaitStatus(event.eventId(), "processed").attempts()).isOne();
        assertThat(stored.all(event.eventId())).hasSize(1);
        assertThat(Notes.applied(event.objectId())).isOne();
    }

    @Test
    void acceptsBothSecretsWhileOneIsRotated() {
        Delivery event = Delivery.of(Notes.CREATED);

        event.post(Delivery.PLATFORM, Signed.header(Signed.NEXT_PLATFORM_SECRET, event.body(), Instant.now())).then()
                .statusCode(200);

        stored.awaitStatus(event.eventId(), "processed");
    }

    @Test
    void knowsStripeByItsSignatureAloneAndLooksForNoIdentity() {
        Delivery event = Delivery.of(Notes.CREATED);

        given().header("Authorization", "Bearer no-token").get("/v1/coaches").then().statusCode(401);
        given().header("Authorization", "Bearer no-token").header(Signature.HEADER,
                Signed.header(Signed.PLATFORM_SECRET, event.body(), Instant.now())).body(event.body()).post(Delivery.PLATFORM)
                .then().statusCode(200).header("X-Request-Id", notNullValue()).header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", containsString("default-src 'self'"));

        stored.awaitStatus(event.eventId(), "processed");
    }

    @Test
    void keepsTheAccountOfAConnectEvent() {
        Delivery event = Delivery.of(Notes.CREATED, "", "acct_77");

        event.post(Delivery.CONNECT, Signed.header(Signed.CONNECT_SECRET, event.body(), Instant.now())).then().statusCode(200);

        assertThat(stored.awaitStatus(event.eventId(), "processed").account()).isEqualTo("acct_77");
    }

    @Test
    void storesTypesThatNobodyTakesAsIgnored() {
        Delivery event = Delivery.of("test.nobody.cares");

        event.post().then().statusCode(200);

        assertThat(stored.get(event.eventId()).status()).isEqualTo("ignored");
    }

    @Test
    void storesThinEventsAsIgnored() {
        Delivery event = new Delivery("evt_test_thin" + System.nanoTime(), "", "");
        Delivery thin = new Delivery(event.eventId(), "", """
                {"id":"%s","object":"v2.core.event","type":"v2.core.account.updated","livemode":false,
                 "created":"2026-11-20T12:00:00.123Z","related_object":{"id":"acct_9","type":"v2.core.account"}}"""
                .formatted(event.eventId()));

        thin.post().then().statusCode(200);

        assertThat(stored.get(event.eventId()).status()).isEqualTo("ignored");
    }

    @Test
    void refusesEveryUngenuineSignatureAndStoresNothing() {
        Delivery event = Delivery.of(Notes.CREATED);
        String genuine = Signed.header(Signed.PLATFORM_SECRET, event.body(), Instant.now());

        given().body(event.body()).post(Delivery.PLATFORM).then().statusCode(400).contentType("application/problem+json")
                .body("type", equalTo("urn:coachpay:problem:webhook-refused"));
        given().header(Signature.HEADER, genuine).header(Signature.HEADER, genuine).body(event.body()).post(Delivery.PLATFORM)
                .then().statusCode(400);
        for (String signature : List.of("", "x", genuine.substring(0, genuine.length() - 1), genuine + "0",
                Signed.header("whsec_other", event.body(), Instant.now()),
                Signed.header(Signed.CONNECT_SECRET, event.body(), Instant.now()),
                Signed.header(Signed.PLATFORM_SECRET, event.body() + " ", Instant.now()),
                Signed.header(Signed.PLATFORM_SECRET, event.body(), Instant.now().minusSeconds(310)),
                Signed.header(Signed.PLATFORM_SECRET, event.body(), Instant.now().plusSeconds(310)))) {
            event.post(Delivery.PLATFORM, signature).then().statusCode(400);
        }

        assertThat(stored.all(event.eventId())).isEmpty();
    }

    @Test
    void refusesBodiesThatAreNoEvents() {
        for (String body : List.of("", "x", "[]", "{}", "{\"id\":\"evt_1\"}")) {
            signed(Delivery.PLATFORM, Signed.PLATFORM_SECRET, body).then().statusCode(400)
                    .body("type", equalTo("urn:coachpay:problem:webhook-refused"));
        }
    }

    @Test
    void refusesEventsOfTheOtherEndpointOrTheOtherMode() {
        Delivery connected = Delivery.of(Notes.CREATED, "", "acct_77");
        Delivery own = Delivery.of(Notes.CREATED);
        Delivery live = new Delivery(own.eventId(), own.objectId(),
                own.body().replace("\"livemode\":false", "\"livemode\":true"));

        connected.post().then().statusCode(400);
        signed(Delivery.CONNECT, Signed.CONNECT_SECRET, own.body()).then().statusCode(400);
        live.post().then().statusCode(400);

        assertThat(stored.all(own.eventId())).isEmpty();
        assertThat(stored.all(connected.eventId())).isEmpty();
    }

    @Test
    void acknowledgesEventsOfTheOtherModeOnConnectAndStoresNothing() {
        Delivery connected = Delivery.of(Notes.CREATED, "", "acct_77");
        String live = connected.body().replace("\"livemode\":false", "\"livemode\":true");

        signed(Delivery.CONNECT, Signed.CONNECT_SECRET, live).then().statusCode(200);

        assertThat(stored.all(connected.eventId())).isEmpty();
    }

    @Test
    void refusesTwoMegabytesHoweverTheyCome() throws Exception {
        Delivery event = Delivery.of(Notes.CREATED, ",\"text\":\"" + "x".repeat(2 * 1024 * 1024) + "\"");
        String signature = Signed.header(Signed.PLATFORM_SECRET, event.body(), Instant.now());
        java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
        byte[] bytes = event.body().getBytes(java.nio.charset.StandardCharsets.UTF_8);

        // A publisher of unknown length makes the client send it in chunks, without a content length.
        for (var publisher : List.of(java.net.http.HttpRequest.BodyPublishers.ofByteArray(bytes),
                java.net.http.HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes)))) {
            var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create(
                    "http://localhost:" + io.restassured.RestAssured.port + Delivery.PLATFORM))
                    .version(java.net.http.HttpClient.Version.HTTP_1_1)
                    .header(Signature.HEADER, signature).POST(publisher).build();
            try {
                assertThat(client.send(request, java.net.http.HttpResponse.BodyHandlers.discarding()).statusCode())
                        .isEqualTo(413);
            } catch (java.io.IOException e) {
                // The service closes the connection while the client still sends, which may reach it before the answer.
                assertThat(e).hasMessageMatching("(?s).*(closed|reset|Broken pipe|EOF|header parser).*");
            }
        }

        assertThat(stored.all(event.eventId())).isEmpty();
    }

    @Test
    void storesAnEventOfNearlyOneMegabyte() {
        Delivery event = Delivery.of(Notes.CREATED, ",\"text\":\"" + "x".repeat(1_000_000) + "\"");

        event.post().then().statusCode(200);

        stored.awaitStatus(event.eventId(), "processed");
    }

    @Test
    void answersOtherMethodsAsAnyUnknownPath() {
        assertThat(given().get(Delivery.PLATFORM).statusCode()).isIn(404, 405);
    }

    @Test
    void isDescribedInOpenApi() {
        given().accept("application/json").get("/q/openapi").then().statusCode(200)
                .body("paths", hasKey(Delivery.PLATFORM)).body("paths", hasKey(Delivery.CONNECT))
                .body("paths", hasKey("/v1/admin/events/{id}/replay"));
    }

    private static Response signed(String path, String secret, String body) {
        return given().header(Signature.HEADER, Signed.header(secret, body, Instant.now())).contentType("application/json")
                .body(body).post(path);
    }
}
