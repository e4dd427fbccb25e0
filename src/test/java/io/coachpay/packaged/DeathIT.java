package io.coachpay.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.packaged.CrashScene.Visitor;
import io.coachpay.packaged.Strikes.Kind;

/**
 * Two instances die again and again under load, and lose their database: nothing that was accepted is lost, and nothing is done
 * twice. Lasts for a few strikes, or so many seconds: {@code -Ddeath.seconds=600 -Ddeath.seed=17}.
 */
class DeathIT {

    private static final int SECONDS = Integer.getInteger("death.seconds", 0);
    private static final long SEED = Long.getLong("death.seed", 17);
    private static final int MENTEES = 4;
    private static final int COACHES = 3;
    /** In this order, over and over: each of them at least once. */
    private static final List<Kind> ORDER = List.of(Kind.KILL, Kind.CUT, Kind.KILL, Kind.CRASH, Kind.KILL);
    /** So many answers between two strikes, and up to so many more. */
    private static final int ANSWERS = 40;
    private static final Duration SLOWEST_ANSWERS = Duration.ofSeconds(90);
    private static final Duration LONGEST_BACKLOG = Duration.ofMinutes(SECONDS > 0 ? 10 : 3);
    private static final Path REPORT = Path.of("target", "death", "report.txt");
    private static final int END_OF_LOG = 12_000;

    private OwnPostgres postgres;
    private CrashScene scene;
    private Strikes strikes;
    private Crowd crowd;

    @BeforeEach
    void set() throws Exception {
        postgres = new OwnPostgres();
        scene = new CrashScene(postgres.server(), Crowd.LIMITS);
        strikes = new Strikes(scene, postgres, scene.service(), scene.another());
        OwnerSql.isOf(postgres.server());
        URI[] addresses = strikes.ports().stream().map(port -> URI.create("http://127.0.0.1:" + port)).toArray(URI[]::new);
        scene.webhooksGoTo(addresses[0], addresses[1]);
    }

    @AfterEach
    void strike() throws Exception {
        OwnerSql.isOf(null);
        strikes.close();
        scene.close();
        postgres.close();
    }

    @Test
    void losesNothingAndDoesNothingTwice() throws Exception {
        scene.toppedUp(1_000_000);
        List<Visitor> coaches = new ArrayList<>();
        for (int number = 0; number < COACHES; number++) {
            coaches.add(scene.coach());
        }
        scene.paysAtOnce(coaches.get(0));
        crowd = new Crowd(scene, strikes.ports(), coaches, MENTEES, SEED);
        try {
            List<String> mentees = crowd.begin();
            dieAgainAndAgain();
            crowd.end();
            Aftermath aftermath = new Aftermath(scene, LONGEST_BACKLOG, SECONDS == 0);
            Duration backlog = aftermath.awaitNoBacklog();
            aftermath.awaitComparison();
            report(backlog);
            assertThat(broken(aftermath, mentees, coaches)).isEmpty();
        } catch (Exception | AssertionError broken) {
            tell();
            throw broken;
        }
    }

    private void dieAgainAndAgain() throws Exception {
        Random random = new Random(SEED);
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        for (int turn = 0; turn < ORDER.size() || System.nanoTime() < end; turn++) {
            awaitAnswers(ANSWERS + random.nextInt(ANSWERS));
            Instant before = Instant.now();
            strikes.strike(ORDER.get(turn % ORDER.size()), random);
            if (SECONDS == 0) {
                // Keys of requests that died are free after a minute, for which nobody waits here.
                scene.run("update idempotency_keys set locked_at = locked_at - interval '2 minutes'"
                        + " where response_status is null and locked_at < '" + before + "'");
            }
        }
        awaitAnswers(ANSWERS);
    }

    private void awaitAnswers(int more) {
        int wanted = crowd.answered.get() + more;
        await().atMost(SLOWEST_ANSWERS).until(() -> crowd.answered.get() >= wanted);
    }

    private List<String> broken(Aftermath aftermath, List<String> mentees, List<Visitor> coaches) {
        List<String> broken = new ArrayList<>(aftermath.broken(crowd, mentees, coaches, strikes.managementPorts()));
        crowd.unanswered.stream().filter(one -> strikes.all().stream().noneMatch(strike -> strike.explains(one)))
                .forEach(one -> broken.add("Nothing explains that this was not answered: " + one));
        return broken;
    }

    // ---- the report

    private void report(Duration backlog) throws IOException {
        String text = """
                seed %d, at least %d s
                %d kills, %d times all connections cut, PostgreSQL crashed %d times
                %d answers, of which refusals: %s
                accepted: %s
                not answered: %d connections lost, %d times 503, %d other
                nothing left to do %.1f s after the load%s
                """.formatted(SEED, SECONDS, strikes.count(Kind.KILL), strikes.count(Kind.CUT), strikes.count(Kind.CRASH),
                crowd.answered.get(), crowd.refusals, crowd.counts(), unanswered(0), unanswered(503),
                crowd.unanswered.size() - unanswered(0) - unanswered(503), backlog.toMillis() / 1e3,
                SECONDS == 0 ? ", pauses left out" : "");
        Files.createDirectories(REPORT.getParent());
        Files.writeString(REPORT, text);
        System.out.println(text);
    }

    private long unanswered(int status) {
        return crowd.unanswered.stream().filter(one -> one.status() == status).count();
    }

    /** Prints everything that helps to see why. */
    private void tell() throws IOException {
        System.out.println("Seed " + SEED);
        strikes.all().forEach(strike -> System.out.println(strike.told()));
        System.out.println(crowd.counts() + ", refusals " + crowd.refusals);
        crowd.problems.forEach(System.out::println);
        for (int port : strikes.ports()) {
            String log = Files.readString(CrashScene.log(port), StandardCharsets.UTF_8);
            System.out.println("The instance at " + port + ":\n" + log.substring(Math.max(0, log.length() - END_OF_LOG)));
        }
    }
}
