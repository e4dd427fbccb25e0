package io.coachpay.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.restassured.response.ValidatableResponse;

/** A complaint names a request, and the log tells what became of it. */
@ServiceTest
class RequestIdTest {

    private static final String HEADER = "X-Request-Id";
    private static final String OURS = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private static final Logger PROBLEMS = Logger.getLogger("http-problem");

    private final Heard log = new Heard();

    @BeforeEach
    void listen() {
        // Stories turn it off for their own world, and in one run with them it is off here too.
        PROBLEMS.setLevel(Level.ALL);
        PROBLEMS.addHandler(log);
    }

    @AfterEach
    void stopListening() {
        PROBLEMS.removeHandler(log);
        PROBLEMS.setLevel(null);
    }

    /** Each refusal is logged; half of the clients have an id of their own, and many share few threads and connections. */
    @Test
    void standsInTheAnswerAndInEachLineAndGoesToNoOtherRequest() {
        Person alice = Person.called("alice");
        List<String> given = new ArrayList<>();
        List<Callable<ValidatableResponse>> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String own = i % 2 == 0 ? "client-" + UUID.randomUUID() : null;
            given.add(own);
            requests.add(() -> (own == null ? alice.asks() : alice.asks().header(HEADER, own))
                    .get("/v1/sessions/" + UUID.randomUUID()).then());
        }

        List<ValidatableResponse> answers = AtOnce.all(requests);

        List<String> answered = answers.stream().map(answer -> Problem.is(answer, 404).extract().header(HEADER)).toList();
        for (int i = 0; i < given.size(); i++) {
            if (given.get(i) == null) {
                assertThat(answered.get(i)).matches(OURS);
            } else {
                assertThat(answered.get(i)).isEqualTo(given.get(i));
            }
        }
        assertThat(answered).doesNotHaveDuplicates();
        assertThat(log.ids).containsExactlyInAnyOrderElementsOf(answered);
    }

    @ParameterizedTest
    @ValueSource(strings = { "short", "with space in it", "<script>alert(1)</script>", "line%0Abreak",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
    void isANewOneForWhatNoLogShouldHold(String theirs) {
        String id = given().header(HEADER, theirs).get("/v1/config").then().statusCode(200).extract().header(HEADER);

        assertThat(id).matches(OURS);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/v1/config", "/v1/me", "/nothing", "/connect/return", "/assets/pages.css", "/q/openapi" })
    void standsInEveryAnswer(String path) {
        assertThat(given().header(HEADER, "client-1234").get(path).getHeader(HEADER)).isEqualTo("client-1234");
    }

    @Test
    void standsInWhatStrangersAreAnswered() {
        Problem.is(given().header(HEADER, "client-1234").get("/v1/me").then(), 401).header(HEADER, "client-1234");
        Problem.is(given().auth().oauth2("nonsense").get("/v1/me").then(), 401);
        Problem.is(given().auth().oauth2("nonsense").get("/nothing").then(), 401);
        Problem.is(Person.called("alice").gets("/v1/admin/events"), 403);
    }

    @Test
    void standsInWhatAWebhookIsAnswered() {
        Problem.is(given().header(HEADER, "delivery-1").body("{}").post("/webhooks/stripe").then(), 400)
                .header(HEADER, "delivery-1");
    }

    /** The request ids of all lines. */
    private static final class Heard extends Handler {

        private final Queue<String> ids = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord line) {
            ids.add(String.valueOf(ExtLogRecord.wrap(line).getMdc("requestId")));
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
