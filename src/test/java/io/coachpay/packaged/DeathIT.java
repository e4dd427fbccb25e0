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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;
import io.coachpay.packaged.CrashScene.Visitor;
import io.coachpay.packaged.Strikes.Kind;
import io.coachpay.simulation.LedgerChecks;
import io.coachpay.simulation.OnceChecks;
import io.coachpay.simulation.StripeChecks;

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

    private static final String BACKLOG = """
            select (select count(*) from stripe_events where status in ('received', 'failed'))
                 + (select count(*) from transactions where status in ('pending', 'processing'))
                 + (select count(*) from transactions t where refund_due > refunded_amount)
                 + (select count(*) from refunds where status in ('requested', 'pending', 'requires_action'))
                 + (select count(*) from transfer_steps where status in ('requested', 'waiting_for_funds'))
                 + (select count(*) from payouts where status = 'requested') as left_over""";
    private static final Map<String, String> ROWS = Map.of(
            "sessions", "select id::text from sessions where mentee_id = any (?::uuid[])",
            "payments", "select id::text from transactions where payer_id = any (?::uuid[])",
            "cancellations", "select id::text from sessions where mentee_id = any (?::uuid[]) and status = 'cancelled'",
            "refunds", """
                    select r.id::text from refunds r join transactions t on t.id = r.transaction_id
                     where t.payer_id = any (?::uuid[]) and r.request_id is not null and r.status <> 'refused'""",
            "payouts",
            """
                    select id::text from payouts where ?::uuid[] is not null and request_id is not null and status <> 'refused'""");

    /** A few people send as many requests as a crowd. */
    private static final Map<String, String> LIMITS = Map.of("COACHPAY_HTTP_MONEY_MOVING_PER_MINUTE", "100000",
            "COACHPAY_HTTP_ASKING_STRIPE_PER_MINUTE", "100000", "COACHPAY_SESSION_OPEN_HOLDS_PER_MENTEE", "20",
            "COACHPAY_SESSION_OPEN_HOLDS_PER_COACH", "200");

    private OwnPostgres postgres;
    private CrashScene scene;
    private Strikes strikes;
    private Crowd crowd;

    @BeforeEach
    void set() throws Exception {
        postgres = new OwnPostgres();
        scene = new CrashScene(postgres.server(), LIMITS);
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
            Duration backlog = awaitNoBacklog();
            awaitComparison();
            report(backlog);
            List<String> people = Stream.concat(mentees.stream(), coaches.stream().map(Visitor::id)).toList();
            assertThat(broken(people, mentees, coaches)).isEmpty();
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

    // ---- the end

    /** The time until nothing is left to be done. */
    private Duration awaitNoBacklog() {
        long begin = System.nanoTime();
        await().atMost(LONGEST_BACKLOG).pollInterval(Duration.ofMillis(250)).untilAsserted(() -> {
            if (SECONDS == 0) {
                scene.timePasses();
            }
            JsonNode underWay = told("/sandbox/under-way");
            assertThat(underWay.path("deliveries").asInt() + underWay.path("settlements").asInt()).as("at Stripe").isZero();
            assertThat(scene.column(BACKLOG)).as("left to do").containsExactly("0");
        });
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Waits for a comparison with Stripe's books that began now, even where one died with its instance. */
    private void awaitComparison() {
        Instant begin = Instant.now();
        await().atMost(LONGEST_BACKLOG).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            scene.timePasses();
            assertThat(scene.column("select drift::text from reconciliation_runs where status = 'done' and started_at > '"
                    + begin + "' and open_findings = 0 order by id desc limit 1")).as("drift").containsExactly("{}");
        });
    }

    private List<String> broken(List<String> people, List<String> mentees, List<Visitor> coaches) {
        List<String> broken = new ArrayList<>(crowd.problems);
        crowd.unanswered.stream().filter(one -> strikes.all().stream().noneMatch(strike -> strike.explains(one)))
                .forEach(one -> broken.add("Nothing explains that this was not answered: " + one));
        ROWS.forEach((what, query) -> broken.addAll(lostOrDoubled(what, query, mentees)));
        broken.addAll(LedgerChecks.broken(array(people)));
        broken.addAll(LedgerChecks.unhandled(Instant.EPOCH));
        Map<String, String> accounts = new HashMap<>();
        coaches.forEach(coach -> accounts.put(coach.account(), coach.id()));
        broken.addAll(StripeChecks.broken(accounts, this::told));
        broken.addAll(OnceChecks.broken(array(people), this::told));
        strikes.managementPorts().forEach(port -> scene.metrics(port).lines()
                .filter(line -> line.matches("coachpay_(reconciliation_drift|inbox_dead|transactions_left_total).* .*[1-9].*"))
                .forEach(line -> broken.add("instance at " + port + ": " + line)));
        return broken;
    }

    /** Accepted objects that are missing, and objects that were not accepted. */
    private List<String> lostOrDoubled(String what, String query, List<String> mentees) {
        TreeSet<String> accepted = new TreeSet<>(crowd.accepted(what));
        TreeSet<String> there = OwnerSql.rows(query, array(mentees)).stream().map(row -> String.valueOf(row.get("id")))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> differ = new ArrayList<>();
        accepted.stream().filter(id -> !there.contains(id)).forEach(id -> differ.add(what + ", accepted and lost: " + id));
        there.stream().filter(id -> !accepted.contains(id)).forEach(id -> differ.add(what + ", done beside: " + id));
        if (accepted.isEmpty()) {
            differ.add("Of " + what + " there are none to look for");
        }
        return differ;
    }

    private static String array(List<String> ids) {
        return "{" + String.join(",", ids) + "}";
    }

    private JsonNode told(String path) {
        return scene.stripe().get(path).body();
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
