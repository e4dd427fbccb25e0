package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Management;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.Webhook;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonObject;

/** Bodies that begin and do not end harm only their sender. */
@ServiceTest
class SlowBodiesTest {

    private static final int BUDGET = 32 * 1024 * 1024;
    private static final int AT_ONCE = 50;

    private final List<RawConnection> connections = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
    }

    @Test
    void answersOthersWhileOnePersonsBodiesHang() throws IOException {
        Person slow = Person.called("alice");
        Person other = Person.called("bob");
        begin(slow, AT_ONCE);
        Awaitility.await().until(() -> slow.gets("/v1/me").extract().statusCode() == 429);
        // With these there are more than threads for requests.
        begin(slow, 170);

        long begin = System.nanoTime();
        other.gets("/v1/me").statusCode(200);

        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
        for (RawConnection connection : connections.subList(AT_ONCE, connections.size())) {
            RawConnection.Answer refused = connection.answer();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.headers()).containsKey("Retry-After").containsEntry("Content-Type", "application/problem+json");
            assertThat(new JsonObject(refused.body()).getString("type")).isEqualTo("urn:coachpay:problem:too-many-requests");
        }
        connections.get(0).says(" ".repeat(59_999));
        assertThat(connections.get(0).answer().status()).isEqualTo(400);
    }

    private void begin(Person person, int requests) throws IOException {
        for (int i = 0; i < requests; i++) {
            connect().head("POST /v1/sessions HTTP/1.1", "Host: localhost", "Authorization: Bearer " + person.token(),
                    "Content-Type: application/json", "Content-Length: 60000").says("{");
        }
    }

    @Test
    void letsAPersonSpeakAgainWhoHasHungUp() throws Exception {
        Person alice = Person.called("alice");
        begin(alice, AT_ONCE);
        Awaitility.await().until(() -> alice.gets("/v1/me").extract().statusCode() == 429);

        hangUp();

        Awaitility.await().until(() -> alice.gets("/v1/me").extract().statusCode() == 200);
    }

    @ParameterizedTest
    @ValueSource(strings = { "X-Nothing: 1", "Stripe-Signature: nonsense", "Stripe-Signature: t=1492774577,v1=00" })
    void refusesAWebhookByItsSignatureBeforeItsBody(String signature) throws IOException {
        RawConnection connection = connect().head("POST /webhooks/stripe HTTP/1.1", "Host: localhost", signature,
                "Content-Length: 1000000");

        assertThat(connection.answer().status()).isEqualTo(400);
    }

    @Test
    void collectsUnfinishedBodiesWithinTheBudgetAndStoresEventsMeanwhile() throws Exception {
        byte[] most = new byte[1_048_000];
        for (int i = 0; i < 50; i++) {
            RawConnection connection = connect().head("POST /webhooks/stripe HTTP/1.1", "Host: localhost",
                    "Stripe-Signature: t=" + Instant.now().getEpochSecond() + ",v1=" + "0".repeat(64),
                    "Content-Length: 1048576");
            // Those that are refused meanwhile may hang up on us.
            assertThatCode(() -> connection.says(most)).doesNotThrowAnyException();
            if (i % 10 == 9) {
                assertThat(collected()).isLessThanOrEqualTo(BUDGET);
                Webhook.post(Webhook.event("test.nobody.cares", new JsonObject())).statusCode(200);
            }
        }

        // The body that has been arriving for longest makes room.
        RawConnection.Answer refused = connections.get(0).answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers()).containsKey("Retry-After");
        assertThat(collected()).isBetween(1L, (long) BUDGET);
        hangUp();
        Awaitility.await().until(() -> collected() < 1_000_000);
    }

    @Test
    void readsNothingOfStrangers() throws IOException {
        RawConnection connection = connect().head("POST /v1/sessions HTTP/1.1", "Host: localhost",
                "Content-Type: application/json", "Content-Length: 60000");

        assertThat(connection.answer().status()).isEqualTo(401);
    }

    @Test
    void goesOnOnlyWhenAskedTo() throws IOException {
        RawConnection connection = connect().head("POST /v1/sessions/" + UUID.randomUUID() + "/payment HTTP/1.1",
                "Host: localhost", "Authorization: Bearer " + Person.called("alice").token(),
                "Content-Type: application/json", "Expect: 100-continue", "Content-Length: 22");

        connection.says("{\"method\": \"checkout\"}");

        assertThat(connection.answer().status()).isEqualTo(404);
    }

    private static long collected() {
        Matcher figure = Pattern.compile("(?m)^coachpay_http_body_bytes(?:\\{[^}]*})? (\\S+)")
                .matcher(Management.get("/q/metrics")
                        .asString());
        assertThat(figure.find()).isTrue();
        return (long) Double.parseDouble(figure.group(1));
    }

    private RawConnection connect() throws IOException {
        RawConnection connection = new RawConnection(RestAssured.port);
        connections.add(connection);
        return connection;
    }
}
