package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/** Bodies with a deadline that a test can wait for, and a budget that it can spend. */
class BodiesTest {

    private static final int LARGEST = 100_000;
    private static final long BUDGET = 1_000_000;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<RawConnection> connections = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws Exception {
        Bodies bodies = new Bodies(vertx, new Small(), registry);
        server = vertx.createHttpServer().requestHandler(request -> {
            if (request.path().equals("/unwanted")) {
                request.response().setStatusCode(401).end();
                bodies.discard(request);
                return;
            }
            bodies.collect(request, LARGEST, body -> {
                request.response().end(Integer.toString(body.bytes().length()));
                body.forget();
            }, refused -> EarlyRefusal.answer(request, refused));
        }).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws Exception {
        for (RawConnection connection : connections) {
            connection.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void hearsABodyHoweverItComes() throws IOException {
        RawConnection connection = connect("/", LARGEST);
        connection.says("a").says("b".repeat(LARGEST - 2)).says("c");
        assertThat(connection.answer().body()).isEqualTo(Integer.toString(LARGEST));

        connection.head("POST / HTTP/1.1", "Host: localhost", "Content-Length: 0");
        assertThat(connection.answer().body()).isEqualTo("0");

        connection.head("POST / HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked").says("3\r\nabc\r\n0\r\n\r\n");
        assertThat(connection.answer().body()).isEqualTo("3");
        assertThat(held()).isZero();
    }

    @Test
    void holdsNoMoreThanTheBudgetAndServesOthersMeanwhile() throws Exception {
        for (int i = 0; i < 40; i++) {
            connect("/", LARGEST).says("x".repeat(90_000));
            assertThat(held()).isLessThanOrEqualTo(BUDGET);
        }

        RawConnection.Answer refused = connections.get(0).answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers()).containsEntry("Retry-After", "5");
        Awaitility.await().until(() -> held() > BUDGET / 2);
        RawConnection small = connect("/", 3).says("abc");
        assertThat(small.answer().status()).isEqualTo(200);
        assertThat(held()).isLessThanOrEqualTo(BUDGET);
    }

    @Test
    void hangsUpOnBodiesThatDoNotEnd() throws Exception {
        for (int i = 0; i < 20; i++) {
            connect("/", LARGEST).says("x".repeat(i));
        }

        for (RawConnection connection : connections) {
            RawConnection.Answer late = connection.answer();
            assertThat(late.status()).isEqualTo(408);
            assertThat(late.headers()).containsEntry("Content-Type", "application/problem+json");
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(held()).isZero();
        assertThat(registry.counter("coachpay.http.refused", "reason", "too-slow").count()).isEqualTo(20);
    }

    @Test
    void hangsUpOnBodiesThatNobodyWantsAndThatDoNotEnd() throws IOException {
        RawConnection connection = connect("/unwanted", LARGEST).says("x");

        assertThat(connection.answer().status()).isEqualTo(401);
        assertThat(connection.isClosed()).isTrue();
    }

    @Test
    void goesOnWithAConnectionAfterABodyThatNobodyWanted() throws IOException {
        RawConnection connection = connect("/unwanted", 3).says("abc");
        assertThat(connection.answer().status()).isEqualTo(401);

        connection.head("POST / HTTP/1.1", "Host: localhost", "Content-Length: 1").says("a");

        assertThat(connection.answer().body()).isEqualTo("1");
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws IOException {
        assertThat(connect("/", LARGEST + 1).answer().status()).isEqualTo(413);
        RawConnection silent = new RawConnection(server.actualPort());
        connections.add(silent);
        silent.head("POST / HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked")
                .says(Integer.toHexString(LARGEST + 1) + "\r\n" + "x".repeat(LARGEST + 1) + "\r\n0\r\n\r\n");
        assertThat(silent.answer().status()).isEqualTo(413);
        assertThat(held()).isZero();
    }

    @Test
    void forgetsWhatAClientSentThatHungUp() throws Exception {
        connect("/", LARGEST).says("x".repeat(50_000));
        Awaitility.await().until(() -> held() == 50_000);

        connections.get(0).close();

        Awaitility.await().atMost(Duration.ofMillis(900)).until(() -> held() == 0);
    }

    private double held() {
        return registry.get("coachpay.http.body.bytes").gauge().value();
    }

    private RawConnection connect(String path, int length) throws IOException {
        RawConnection connection = new RawConnection(server.actualPort());
        connections.add(connection);
        return connection.head("POST " + path + " HTTP/1.1", "Host: localhost", "Content-Length: " + length);
    }

    private static final class Small implements HttpSettings {

        @Override
        public int moneyMovingPerMinute() {
            return 60;
        }

        @Override
        public OptionalInt proxies() {
            return OptionalInt.empty();
        }

        @Override
        public int askingStripePerMinute() {
            return 60;
        }

        @Override
        public int requestsAtOnce() {
            return 50;
        }

        @Override
        public Duration bodyDeadline() {
            return Duration.ofSeconds(1);
        }

        @Override
        public MemorySize bodyBudget() {
            return new MemorySize(java.math.BigInteger.valueOf(BUDGET));
        }
    }
}
