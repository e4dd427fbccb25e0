package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.coachpay.OwnerSql;
import io.coachpay.job.Job;
import io.coachpay.job.Jobs;
import io.vertx.core.json.JsonObject;

/** Plays stories one after the other, since the sandbox, its clock and its faults are shared. */
final class Teller {

    /** Jobs that only tidy up, and take evidence away with it. */
    private static final Set<String> LEFT_OUT = Set.of("event-retention", "housekeeping");
    /** People leave when their story is over: otherwise every listing of the next ones would list them too. */
    private static final List<String> LEAVE = List.of(
            "update stripe_connected_accounts set deauthorized_at = now() where user_id = any (?::uuid[])",
            "delete from stripe_cursors where account in (select stripe_account_id from stripe_connected_accounts where user_id = any (?::uuid[]))");

    /** After so many stories, events are replayed in another order and twice. */
    private static final int BETWEEN_REPLAYS = 4;
    private static final List<String> TALLIED = List.of("sessions", "transactions", "refunds", "transfer_steps", "disputes",
            "payouts", "subscriptions", "invoices", "credit_notes", "stripe_events");

    private final List<String> jobs;
    private final Consumer<String> runner;
    private final Set<Telling> telling;
    private final JsonObject enduring;
    private final Invariants invariants = new Invariants();

    /** The amount of output. */
    enum Telling {
        /** Stories that break a promise. */
        FAILURES,
        /** The others too, and all rows of those that break one. */
        SUCCESSES
    }

    private Teller(List<String> jobs, Consumer<String> runner, Set<Telling> telling, JsonObject enduring) {
        this.jobs = jobs;
        this.runner = runner;
        this.telling = telling;
        this.enduring = enduring;
    }

    /** Plays stories in which all jobs may run. */
    static Teller of(List<Job> all, Jobs runner) {
        List<String> jobs = all.stream().map(Job::name).filter(job -> !LEFT_OUT.contains(job)).sorted().toList();
        return new Teller(jobs, runner::runNow, EnumSet.of(Telling.FAILURES), new JsonObject());
    }

    /** Prints every story. */
    Teller aloud() {
        return new Teller(jobs, runner, EnumSet.allOf(Telling.class), enduring);
    }

    /** Does not print failures, since every story of a defect has them. */
    Teller with(Defect defect) {
        return new Teller(jobs.stream().filter(job -> !defect.forgotten().contains(job)).toList(), runner,
                EnumSet.noneOf(Telling.class), defect.faults());
    }

    /** The sum of all stories, to show that they reach what they are to reach. */
    String tally() {
        return TALLIED.stream().map(table -> table + " " + OwnerSql
                .rows("select status, count(*) as n from " + table + " group by status order by status").stream()
                .map(row -> row.get("status") + " " + row.get("n")).collect(Collectors.joining(", ")))
                .collect(Collectors.joining("\n", "", "\n")) + "second subscriptions "
                + OwnerSql.rows("select count(*) as n from subscriptions where is_surplus").get(0).get("n")
                + "\njournals "
                + OwnerSql
                        .rows("select kind, count(*) as n from ledger_journals group by kind order by kind").stream()
                        .map(row -> row.get("kind") + " " + row.get("n")).collect(Collectors.joining(", "));
    }

    /** Plays one story; broken promises are printed together with its script. */
    List<String> tell(long seed) {
        Script script = Script.of(seed);
        List<String> told = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        Stage stage = new Stage(script, jobs, runner);
        try {
            play(script, stage, told, broken);
            Settling.settle(stage, enduring);
            broken.addAll(invariants.brokenBy(stage));
            if (seed % BETWEEN_REPLAYS == 0 && broken.isEmpty()) {
                broken.addAll(WholeComparison.broken(stage));
                broken.addAll(Replays.broken(stage));
                broken.addAll(invariants.brokenBy(stage));
            }
        } catch (RuntimeException | AssertionError failure) {
            broken.add("It broke off: " + failure + where(failure));
        }
        leave(stage, broken);
        LEAVE.forEach(statement -> OwnerSql.run(statement, stage.people()));
        if (telling.contains(broken.isEmpty() ? Telling.SUCCESSES : Telling.FAILURES)) {
            print(script, told, broken);
        }
        if (telling.contains(Telling.SUCCESSES) && !broken.isEmpty()) {
            StoryRows.of(stage.people()).forEach((table, rows) -> rows.forEach(row -> System.out.println(table + " " + row)));
        }
        return broken;
    }

    private void play(Script script, Stage stage, List<String> told, List<String> broken) {
        CreditActions.open(stage);
        JsonObject faults = script.faults().copy().mergeIn(enduring);
        stage.faults(script.calm() ? enduring : faults);
        for (int coach = 0; coach < script.coaches().size(); coach++) {
            told.add(
                    "coach %d onboards → %s".formatted(coach, CoachActions.onboard(stage, coach, script.coaches().get(coach))));
        }
        stage.quiet();
        stage.faults(faults);
        for (Deed deed : script.deeds()) {
            told.add(deed.words() + " → " + deed.doing().on(stage));
            if (broken.isEmpty()) {
                CreditChecks.brokenNow(stage.people())
                        .forEach(promise -> broken.add("after deed " + told.size() + ", " + promise));
                stage.subscriptions().wentBack()
                        .forEach(promise -> broken.add("after deed " + told.size() + ", " + promise));
            }
        }
    }

    /** Whatever became of the story, nothing of it is renewed in later ones. */
    private void leave(Stage stage, List<String> broken) {
        try {
            stage.faults(enduring);
            stage.subscriptions().leave();
        } catch (RuntimeException failure) {
            broken.add("Its people do not leave: " + failure + where(failure));
        }
    }

    private static String where(Throwable failure) {
        return Arrays.stream(failure.getStackTrace()).filter(frame -> frame.getClassName().startsWith("io.coachpay")).limit(5)
                .map(frame -> "\n      at " + frame).collect(Collectors.joining());
    }

    private static void print(Script script, List<String> told, List<String> broken) {
        System.out.println("Story " + script.seed() + ", " + script.coaches() + ", faults " + script.faults());
        told.forEach(line -> System.out.println("  " + line));
        System.out.println(broken.isEmpty() ? "keeps all that must hold." : "does not keep what must hold:");
        broken.forEach(line -> System.out.println("  - " + line));
        System.out.println("Tell it again: ./mvnw -Psimulation verify -Dseed=" + script.seed());
    }
}
