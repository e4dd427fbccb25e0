package io.coachpay.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.restassured.RestAssured;

/**
 * Random requests made from the API's own description. Each is answered, none with 500; each refusal is a problem that shows
 * nothing of our insides; neither memory nor threads run out.
 * <p>
 * {@code -Dfuzz.seconds} sets the duration, {@code -Dfuzz.seed} the seed; the request with number n has the seed plus n.
 */
@ServiceTest
class FuzzTest {

    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 10);
    private static final long SEED = Long.getLong("fuzz.seed", 20_300_506L);
    /** Compares all books, which other tests are in the middle of writing. */
    private static final List<String> LEFT_ALONE = List.of("POST /v1/admin/reconciliation/run");
    private static final Pattern INSIDES = Pattern
            .compile("\\tat |Exception|io\\.coachpay|jakarta\\.|com\\.fasterxml|org\\.(?!example)"
                    + "|PSQL|SQLState|insert into|sk_test|whsec_");
    private static final Pattern ID = Pattern.compile("\"(?:id|[a-zA-Z]+Id)\":\"([0-9a-zA-Z_-]{8,60})\"");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_IDS = 200;
    private static final int ENOUGH_FAILURES = 5;
    private static final Duration TOKENS_LAST = Duration.ofMinutes(2);
    private static final int FEW_THREADS = 40;
    private static final long LITTLE_MEMORY = 96L * 1024 * 1024;

    private final List<String> ids = new ArrayList<>();
    private final Errors errors = new Errors();

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(errors);
    }

    @AfterEach
    void listenNoMore() {
        Logger.getLogger("").removeHandler(errors);
    }

    @Test
    void isNotPutOutByAnyRequest() throws Exception {
        List<String> tokens = new ArrayList<>(tokens());
        FuzzRequests requests = new FuzzRequests(operations(), schemas(), tokens, ids);
        List<String> failures = new ArrayList<>();
        long threads = Thread.activeCount();
        long memory = memory();
        Instant end = Instant.now().plusSeconds(SECONDS);
        Instant signInAt = Instant.now().plus(TOKENS_LAST);

        long number = 0;
        for (; Instant.now().isBefore(end) && failures.size() < ENOUGH_FAILURES; number++) {
            if (Instant.now().isAfter(signInAt)) {
                Collections.copy(tokens, tokens());
                signInAt = Instant.now().plus(TOKENS_LAST);
            }
            FuzzRequests.Request request = requests.next(new SplittableRandom(SEED + number));
            try {
                check(request);
            } catch (AssertionError e) {
                failures.add("-Dfuzz.seed=" + (SEED + number) + "\n" + request + "\n" + e.getMessage());
                errors.heard.clear();
            }
        }

        assertThat(failures).as("of %d requests", number).isEmpty();
        assertThat(Thread.activeCount()).isLessThan((int) threads + FEW_THREADS);
        Awaitility.await().untilAsserted(() -> assertThat(memory()).isLessThan(memory + LITTLE_MEMORY));
        given().get("/v1/config").then().statusCode(200);
    }

    private void check(FuzzRequests.Request request) throws IOException {
        RawConnection.Answer answer;
        try (RawConnection connection = new RawConnection(RestAssured.port)) {
            answer = connection.says(request.bytes()).answer(!request.method().equals("HEAD"));
        } catch (IOException | RuntimeException e) {
            throw new AssertionError("Not answered, or not as HTTP wants it: " + e, e);
        }
        assertThat(answer.status()).as(answer.toString()).isLessThan(500);
        assertThat(errors.heard).as(answer.toString()).isEmpty();
        if (answer.status() >= 400 && isRead(request, answer) && request.path().startsWith("/v1/")
                && !request.method().equals("HEAD")) {
            checkProblem(answer);
        }
        if (answer.status() < 300 && !request.path().startsWith("/v1/admin/") && ids.size() < MOST_IDS) {
            ID.matcher(answer.body()).results().limit(3).map(found -> found.group(1)).filter(id -> !ids.contains(id))
                    .forEach(ids::add);
        }
    }

    /**
     * Whether our code sees the request: a first line of more than 4 KiB, or without an address, is refused before it, with no
     * body.
     */
    private static boolean isRead(FuzzRequests.Request request, RawConnection.Answer answer) {
        try {
            new URI(request.path());
            return answer.status() != 414;
        } catch (URISyntaxException e) {
            return answer.status() != 414 && answer.status() != 400;
        }
    }

    private static void checkProblem(RawConnection.Answer answer) throws IOException {
        assertThat(answer.headers()).as(answer.toString()).containsEntry("Content-Type", "application/problem+json");
        assertThat(answer.body()).as(answer.toString()).doesNotContainPattern(INSIDES);
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("status").asInt()).as(answer.toString()).isEqualTo(answer.status());
        for (String member : List.of("type", "title", "detail")) {
            assertThat(problem.path(member).asText()).isNotBlank();
        }
        assertThat(problem.path("type").asText()).as(answer.toString()).startsWith(Refused.URN);
    }

    private static List<OpenApiTest.Operation> operations() {
        return OpenApiTest.operations().stream().filter(operation -> !LEFT_ALONE.contains(operation.name())).toList();
    }

    private static JsonNode schemas() throws IOException {
        return JSON.readTree(given().queryParam("format", "json").get("/q/openapi").asString()).path("components")
                .path("schemas");
    }

    /** Many, for each may move money only so often; one in six is the administrator. */
    private static List<String> tokens() {
        return Stream.concat(Stream.of("alice", "bob", "carol", "dave", "erin").map(Person::called), Stream.of(Person.admin()))
                .map(Person::token).toList();
    }

    private static long memory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Errors that request threads log. */
    private static final class Errors extends Handler {

        private final Queue<String> heard = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord entry) {
            String thread = Thread.currentThread().getName();
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()
                    && (thread.startsWith("executor-thread") || thread.startsWith("vert.x-eventloop"))) {
                heard.add(entry.getLoggerName() + ": " + entry.getMessage() + " " + entry.getThrown());
            }
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
