package io.coachpay.packaged;

import static io.coachpay.packaged.CrashScene.soon;
import static java.util.stream.Collectors.toUnmodifiableMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;
import io.coachpay.database.Database;
import io.coachpay.packaged.CrashScene.Visitor;
import io.coachpay.simulation.LedgerChecks;

/**
 * Two processes on one database: each leaves alone what the other does. A later release has migrated it before the second
 * starts, as when one is deployed or taken back while the service runs.
 */
class TwoInstancesIT {

    private static final int ROUNDS = 3;
    private static final Pattern RUNS = Pattern.compile("coachpay_jobs_seconds_count\\{job=\"([^\"]+)\"[^}]*} ([0-9.]+)");
    private static final String HOURLY = "not picked and execution_time > now() + interval '20 minutes'";

    private static final int PAYMENTS = 24;
    private static final int MENTEES = 8;
    private static final long SEED = 17;
    /** So many times time passes, so that all jobs run, after so many answers each. */
    private static final int TURNS = 8;
    private static final int ANSWERS = 40;
    private static final Duration LONGEST_BACKLOG = Duration.ofMinutes(3);
    /** Nobody dies, so that no event is left by the instance that took it. */
    private static final Map<String, String> SETTINGS = Stream.of(Crowd.LIMITS,
            Map.of("COACHPAY_INBOX_HAND_OVER_LEASE", "5M", "COACHPAY_INBOX_LEASE", "5M"))
            .flatMap(some -> some.entrySet().stream()).collect(toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private static CrashScene scene;
    private static PackagedService second;

    @BeforeAll
    static void set() throws Exception {
        scene = new CrashScene(Database.server(), SETTINGS);
        NextRelease.migrate();
        second = scene.another();
        OwnerSql.isOf(Database.server());
    }

    @BeforeEach
    void hearOfStripe() {
        scene.faults("{}");
        scene.webhooksGoHome();
    }

    @AfterAll
    static void strike() throws Exception {
        OwnerSql.isOf(null);
        second.close();
        scene.close();
    }

    @Test
    void runEachJobOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            // At the start all of them are due, and have yet to be taken.
            soon().until(() -> scene.column("select task_name from scheduled_tasks where picked").isEmpty()
                    && hourly().size() > 5);
            List<String> hourly = hourly();
            Map<String, Integer> before = runs();

            scene.run("update scheduled_tasks set execution_time = now() where " + HOURLY);

            soon().until(() -> hourly().containsAll(hourly));
            Map<String, Integer> after = runs();
            assertThat(hourly).allSatisfy(job -> assertThat(after.get(job)).as(job)
                    .isEqualTo(before.getOrDefault(job, 0) + 1));
        }
        soon().untilAsserted(() -> {
            assertThat(runs(scene.managementPort())).as("the first takes its part").isNotEmpty();
            assertThat(runs(second.managementPort())).as("and the second").isNotEmpty();
        });
    }

    @Test
    void payEachCoachOnce() throws Exception {
        List<Visitor> coaches = List.of(scene.coach(), scene.coach(), scene.coach());
        for (Visitor coach : coaches) {
            scene.earned(scene.somebody("mentee"), coach);
        }

        coaches.forEach(scene::turnComes);

        for (Visitor coach : coaches) {
            soon().untilAsserted(() -> coach.gets("/v1/me/payouts").then().body("data.size()", equalTo(1)));
            scene.agree(coach);
            assertThat(scene.countAtStripe("/v1/payouts", Map.of(), coach.account())).isOne();
        }
    }

    @Test
    void applyTogetherAndOnceWhatBothAreTold() throws Exception {
        List<Visitor> coaches = List.of(scene.coach(), scene.coach());
        Bunch bunch = Bunch.paid(scene, coaches, PAYMENTS);
        double before = bunches();
        List<JsonNode> events = new ArrayList<>(bunch.events());
        Collections.shuffle(events, new Random(SEED));

        // From both ends, so that each instance is the first to hear of some.
        List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            answers.addAll(Bunch.begin(List.of(events.get(i)), scene.port()));
            answers.addAll(Bunch.begin(List.of(events.get(events.size() - 1 - i)), second.port()));
        }
        answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));

        bunch.isAppliedOnce(scene);
        assertThat(bunch.attempts(scene)).containsExactly("1");
        assertThat(bunches()).as("several were applied together").isGreaterThan(before);
        Bunch.deliverUpdates(scene);
        coaches.forEach(scene::agree);
        assertThat(LedgerChecks.deadlocksInLog(Long.MAX_VALUE)).isEmpty();
    }

    /** Half a minute of everything at once, which belongs to the long form of {@link DeathIT}. */
    @Test
    @EnabledIfSystemProperty(named = "death.seconds", matches = "\\d+", disabledReason = "a part of -Pdeath")
    void agreeInTheEndWithoutADeadlock() throws Exception {
        scene.toppedUp(1_000_000);
        List<Visitor> coaches = List.of(scene.coach(), scene.coach());
        scene.paysAtOnce(coaches.get(0));
        Bunch bunch = Bunch.paid(scene, coaches, PAYMENTS);
        Bunch.deliverUpdates(scene);
        scene.webhooksGoToAll(ports(PackagedService::port).stream().map(port -> URI.create("http://127.0.0.1:" + port))
                .toArray(URI[]::new));
        scene.faults("""
                {"seed": 17, "webhooks": [{"probability": 0.3, "do": "reorder", "count": 5},
                                          {"probability": 0.2, "do": "duplicate", "count": 2}]}""");
        Crowd crowd = new Crowd(scene, ports(PackagedService::port), coaches, MENTEES, SEED);
        List<String> mentees = crowd.begin();

        for (int turn = 0; turn < TURNS; turn++) {
            int wanted = crowd.answered.get() + ANSWERS;
            Bunch.deliver(bunch.events(), turn % 2 == 0 ? scene.port() : second.port());
            soon().until(() -> crowd.answered.get() >= wanted);
            scene.timePasses();
        }
        crowd.end();
        scene.faults("{}");
        Aftermath aftermath = new Aftermath(scene, LONGEST_BACKLOG, true);
        aftermath.awaitNoBacklog();
        aftermath.awaitComparison();

        bunch.isAppliedOnce(scene);
        assertThat(crowd.unanswered).isEmpty();
        assertThat(aftermath.broken(crowd, mentees, coaches, ports(PackagedService::managementPort))).isEmpty();
    }

    private static List<Integer> ports(Function<PackagedService, Integer> port) {
        return List.of(port.apply(scene.service()), port.apply(second));
    }

    /** The bunches that the processes have applied. */
    private static double bunches() {
        return ports(PackagedService::managementPort).stream().flatMap(port -> scene.metrics(port).lines())
                .filter(line -> line.startsWith("coachpay_inbox_together_count"))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1])).sum();
    }

    /** The jobs whose next turn is far away. */
    private static List<String> hourly() {
        return scene.column("select task_name from scheduled_tasks where " + HOURLY);
    }

    private static Map<String, Integer> runs() {
        Map<String, Integer> all = new HashMap<>(runs(scene.managementPort()));
        runs(second.managementPort()).forEach((job, runs) -> all.merge(job, runs, Integer::sum));
        return all;
    }

    /** Runs of each job in the process with this management port, with any outcome. */
    private static Map<String, Integer> runs(int managementPort) {
        Map<String, Integer> runs = new HashMap<>();
        Matcher line = RUNS.matcher(scene.metrics(managementPort));
        while (line.find()) {
            runs.merge(line.group(1), (int) Double.parseDouble(line.group(2)), Integer::sum);
        }
        return runs;
    }
}
