package io.coachpay.packaged;

import static io.coachpay.packaged.CrashScene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.coachpay.packaged.CrashScene.Visitor;

/**
 * Two processes on one database: each leaves alone what the other does. A later release has migrated it before the second
 * starts, as when one is deployed or taken back while the service runs.
 */
class TwoInstancesIT {

    private static final int ROUNDS = 3;
    private static final Pattern RUNS = Pattern.compile("coachpay_jobs_seconds_count\\{job=\"([^\"]+)\"[^}]*} ([0-9.]+)");
    private static final String HOURLY = "not picked and execution_time > now() + interval '20 minutes'";

    private static CrashScene scene;
    private static PackagedService second;

    @BeforeAll
    static void set() throws Exception {
        scene = new CrashScene();
        NextRelease.migrate();
        second = scene.another();
    }

    @AfterAll
    static void strike() {
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
