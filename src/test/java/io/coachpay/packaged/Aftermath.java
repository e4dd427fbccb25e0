package io.coachpay.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;
import io.coachpay.packaged.CrashScene.Visitor;
import io.coachpay.simulation.LedgerChecks;
import io.coachpay.simulation.OnceChecks;
import io.coachpay.simulation.StripeChecks;

/** The state that a crowd leaves behind: it is waited for until it is done, and then looked at. */
final class Aftermath {

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

    private final CrashScene scene;
    private final Duration longest;
    private final boolean hurried;

    /**
     * @param longest for which it may last
     * @param hurried whether pauses between attempts are left out
     */
    Aftermath(CrashScene scene, Duration longest, boolean hurried) {
        this.scene = scene;
        this.longest = longest;
        this.hurried = hurried;
    }

    /** The time until nothing is left to be done. */
    Duration awaitNoBacklog() {
        long begin = System.nanoTime();
        await().atMost(longest).pollInterval(Duration.ofMillis(250)).untilAsserted(() -> {
            if (hurried) {
                scene.timePasses();
            }
            JsonNode underWay = told("/sandbox/under-way");
            assertThat(underWay.path("deliveries").asInt() + underWay.path("settlements").asInt()).as("at Stripe").isZero();
            assertThat(scene.column(BACKLOG)).as("left to do").containsExactly("0");
        });
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Waits for a comparison with Stripe's books that began now, even where one died with its instance. */
    void awaitComparison() {
        Instant begin = Instant.now();
        await().atMost(longest).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            scene.timePasses();
            assertThat(scene.column("select drift::text from reconciliation_runs where status = 'done' and started_at > '"
                    + begin + "' and open_findings = 0 order by id desc limit 1")).as("drift").containsExactly("{}");
        });
    }

    /** Promises that do not hold, a deadlock in the server's log among them. */
    List<String> broken(Crowd crowd, List<String> mentees, List<Visitor> coaches, List<Integer> managementPorts) {
        List<String> people = Stream.concat(mentees.stream(), coaches.stream().map(Visitor::id)).toList();
        List<String> broken = new ArrayList<>(crowd.problems);
        ROWS.forEach((what, query) -> broken.addAll(lostOrDoubled(what, crowd, query, mentees)));
        broken.addAll(LedgerChecks.broken(array(people)));
        broken.addAll(LedgerChecks.unhandled(Instant.EPOCH));
        broken.addAll(LedgerChecks.deadlocksInLog(Long.MAX_VALUE));
        Map<String, String> accounts = new HashMap<>();
        coaches.forEach(coach -> accounts.put(coach.account(), coach.id()));
        broken.addAll(StripeChecks.broken(accounts, this::told));
        broken.addAll(OnceChecks.broken(array(people), this::told));
        managementPorts.forEach(port -> scene.metrics(port).lines()
                .filter(line -> line.matches("coachpay_(reconciliation_drift|inbox_dead|transactions_left_total).* .*[1-9].*"))
                .forEach(line -> broken.add("instance at " + port + ": " + line)));
        return broken;
    }

    /** Accepted objects that are missing, and objects that were not accepted. */
    private static List<String> lostOrDoubled(String what, Crowd crowd, String query, List<String> mentees) {
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
}
