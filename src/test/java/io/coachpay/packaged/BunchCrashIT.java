package io.coachpay.packaged;

import static io.coachpay.packaged.CrashScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.database.Database;
import io.coachpay.packaged.CrashScene.Visitor;

/**
 * Kills the process between the steps of applying the events of several payments in one database transaction. A new process
 * applies each of them once.
 */
class BunchCrashIT {

    private static final int PAYMENTS = 3;
    /** Until the test is done, no event counts as left by the process that took it. */
    private static final Map<String, String> LEASES = Map.of("COACHPAY_INBOX_HAND_OVER_LEASE", "5M", "COACHPAY_INBOX_LEASE",
            "5M");
    private static final String AT_COMMIT = """
            create function stand_still() returns trigger language plpgsql as $$
            begin
              perform pg_advisory_xact_lock(%1$d);
              return null;
            end $$;
            create constraint trigger stand_still after insert on payment_logs deferrable initially deferred
               for each row execute function stand_still()""";
    private static final int COMMIT = 33;

    private static CrashScene scene;
    private static Visitor coach;
    private static Bunch earlier;
    private static Standstill before;
    private static Standstill here;

    /** The step at which the process dies: it waits for what this locks. */
    enum Step {
        /** The events are stored, and wait in memory. */
        HANDED_OVER(""),
        FINISHING_EVENTS("select from stripe_events where event_id in (${events}) order by id desc limit 1 for update"),
        LOCKING_SESSIONS("""
                select from sessions where id in (select session_id from transactions where id in (${payments}))
                 order by id desc limit 1 for update"""),
        WRITING_PAYMENTS("lock table transactions in share mode"),
        WRITING_SESSIONS("lock table sessions in share mode"),
        WRITING_LOGS("lock table payment_logs in share mode"),
        POSTING_JOURNALS("lock table ledger_journals in share mode"),
        MOVING_ACCOUNTS("select from ledger_accounts where owner_id = '${coach}' for update"),
        /** The database never hears the end of the commit. */
        COMMITTING("select pg_advisory_xact_lock(" + COMMIT + ")"),
        /** The database commits, and nobody is left to hear it. */
        COMMITTED(COMMITTING.lock);

        private final String lock;

        Step(String lock) {
            this.lock = lock;
        }

        String lock(Bunch bunch) {
            return lock.replace("${events}", bunch.eventIds()).replace("${payments}", bunch.paymentIds()).replace("${coach}",
                    coach.id());
        }
    }

    @BeforeAll
    static void set() throws Exception {
        scene = new CrashScene(Database.server(), LEASES);
        coach = scene.coach();
        before = new Standstill(Database.server());
        here = new Standstill(Database.server());
        here.prepare(AT_COMMIT.formatted(COMMIT));
        earlier = Bunch.paid(scene, List.of(coach), 1);
        Bunch.deliver(earlier.events(), scene.port());
        scene.isConfirmed(earlier.payments().get(0).mentee(), earlier.payments().get(0).session());
    }

    @AfterAll
    static void strike() throws Exception {
        here.close();
        before.close();
        scene.close();
    }

    @AfterEach
    void letGo() throws SQLException {
        here.letGo();
        before.letGo();
    }

    @ParameterizedTest
    @EnumSource
    void appliesEachEventOnce(Step step) throws Exception {
        holdUpTheApplier();
        Bunch bunch = Bunch.paid(scene, List.of(coach), PAYMENTS);
        Bunch.deliver(bunch.events(), scene.port());

        dieAt(step, bunch);

        bunch.isAppliedOnce(scene);
        assertThat(bunch.attempts(scene)).containsExactly(step == Step.COMMITTED ? "1" : "2");
        scene.webhooksGoHome();
        scene.agree(coach);
    }

    /** Lets the applier wait for an earlier payment, about which nothing new is said. */
    private static void holdUpTheApplier() throws SQLException {
        before.hold("select from transactions where id in (" + earlier.paymentIds() + ") for update");
        List<JsonNode> said = new ArrayList<>();
        soon().until(() -> {
            // A single event is applied alone, and holds up nobody.
            boolean standing = !said.isEmpty() && here.together(Bunch.ids(said)) > 1;
            if (!standing) {
                // A transfer that is known writes nothing; the payment's own events would write its row again.
                List<JsonNode> more = earlier.events().stream()
                        .filter(event -> event.path("type").asText().equals("transfer.created"))
                        .flatMap(event -> Stream.generate(() -> Bunch.again(event)).limit(3)).toList();
                Bunch.deliver(more, scene.port());
                said.addAll(more);
            }
            return standing;
        });
    }

    /** Lets the process come to the step with all of the events, kills it there, and starts another. */
    private static void dieAt(Step step, Bunch bunch) throws Exception {
        PackagedService doomed = scene.service();
        int events = bunch.events().size();
        if (step == Step.HANDED_OVER) {
            assertThat(scene.column("select id from stripe_events where status = 'received' and attempts = 1 and event_id in ("
                    + bunch.eventIds() + ")")).hasSize(events);
        } else {
            here.hold(step.lock(bunch));
            before.letGo();
            // One of the events is locked by this test, where they have yet to be finished.
            int together = step == Step.FINISHING_EVENTS ? events - 1 : events;
            soon().untilAsserted(() -> assertThat(here.together(bunch.eventIds())).isEqualTo(together));
        }
        doomed.kill();
        if (step == Step.COMMITTING) {
            here.cut();
            soon().until(() -> !here.isConnected());
        }
        here.letGo();
        before.letGo();
        soon().until(() -> !here.isConnected());
        scene.timePasses();
        scene.again(doomed);
    }
}
