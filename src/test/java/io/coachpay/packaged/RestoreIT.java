package io.coachpay.packaged;

import static io.coachpay.packaged.CrashScene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.oneOf;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.packaged.CrashScene.Visitor;
import io.coachpay.simulation.LedgerChecks;

/**
 * The database is put back to an earlier state, and Stripe has moved on since: nothing is paid out, charged, refunded or given
 * back twice, and the service learns from Stripe what it has forgotten. Payouts are held until it has.
 */
class RestoreIT {

    private static final Map<String, String> HELD = Map.of("COACHPAY_PAYOUT_HOLD", "true");
    /** Stripe does not list yet what it has done, so the service must answer requests without knowing it. */
    private static final String LISTS_NOTHING = """
            {"requests": [
              {"match": {"method": "GET", "path": "/v1/events"}, "do": "error", "status": 500, "type": "api_error", "message": "No."},
              {"match": {"method": "GET", "path": "/v1/payouts"}, "do": "error", "status": 500, "type": "api_error", "message": "No."}]}""";
    private static final Map<String, String> STANDARD = Map.of("method", "standard");

    private static OwnPostgres postgres;
    private static CrashScene scene;

    @BeforeAll
    static void set() throws Exception {
        postgres = new OwnPostgres();
        scene = new CrashScene(postgres.server(), Map.of());
        OwnerSql.isOf(postgres.server());
    }

    @AfterAll
    static void strike() throws Exception {
        OwnerSql.isOf(null);
        scene.close();
        postgres.close();
    }

    @Test
    void catchesUpWithStripeAndDoesNothingTwice() throws Exception {
        Visitor asks = scene.coach();
        Visitor waits = scene.coach();
        Visitor unpaid = scene.coach();
        Visitor wins = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        scene.earned(mentee, asks);
        scene.earned(mentee, unpaid);
        scene.earned(mentee, waits);
        String refunded = scene.paid(mentee, waits);
        refund(waits, scene.paid(mentee, waits));
        String dispute = recovered(wins, scene.paid(mentee, wins));
        String session = scene.booked(mentee, asks);
        String secret = scene.begun(mentee, session).path("clientSecret");
        scene.agree(asks);
        scene.agree(waits);

        postgres.backUp();

        soon().untilAsserted(() -> mentee.gets("/v1/me").then().statusCode(200));
        asks.posts("/v1/me/payouts", STANDARD).then().statusCode(201);
        scene.turnComes(waits);
        soon().untilAsserted(() -> assertThat(payoutsOf(waits)).isOne());
        refund(waits, refunded);
        scene.control("POST", "/sandbox/disputes/" + dispute + "/close", Map.of("status", "won"));
        soon().untilAsserted(() -> assertThat(transfersTo(wins)).as("the payment's, and what was given back").isEqualTo(2));
        scene.pay(secret);
        scene.isConfirmed(mentee, session);
        scene.agree(asks);
        scene.service().kill();
        postgres.restore();
        scene.faults(LISTS_NOTHING);
        scene.again(scene.service(), HELD);

        asks.posts("/v1/me/payouts", STANDARD).then().statusCode(409).body("reasons", hasItem("payouts_held"));
        asks.gets("/v1/me/balance").then().body("[0].nextPayout.blockedBy", equalTo("payouts_held"));
        scene.turnComes(waits);
        scene.turnComes(unpaid);
        scene.faults("{}");
        awaitNoDrift();
        scene.agree(asks);
        scene.agree(waits);
        scene.agree(wins);
        scene.isConfirmed(mentee, session);
        assertThat(payoutsOf(unpaid)).as("nobody is paid meanwhile").isZero();
        scene.service().close();
        scene.again(scene.service());
        soon().untilAsserted(() -> assertThat(payoutsOf(unpaid)).as("no turn is lost").isOne());
        asks.posts("/v1/me/payouts", STANDARD).then().statusCode(oneOf(409, 422));
        awaitNoDrift();

        assertThat(payoutsOf(asks)).isOne();
        assertThat(payoutsOf(waits)).isOne();
        assertThat(scene.countAtStripe("/v1/refunds", Map.of(), "")).isEqualTo(2);
        assertThat(scene.countAtStripe("/v1/charges", Map.of(), "")).isEqualTo(7);
        assertThat(transfersTo(wins)).isEqualTo(2);
        assertThat(LedgerChecks.broken("{" + asks.id() + "," + waits.id() + "," + wins.id() + "," + mentee.id() + "}"))
                .isEmpty();
        assertThat(LedgerChecks.unhandled(Instant.EPOCH)).isEmpty();
    }

    private static void refund(Visitor coach, String payment) {
        coach.posts("/v1/transactions/" + payment + "/refunds",
                Map.of("reason", "ill", "amount", Map.of("amount", "30.00", "currency", "USD"))).then().statusCode(201);
    }

    /** A disputed payment whose coach's part was taken back; Stripe's id of the dispute. */
    private static String recovered(Visitor coach, String payment) {
        String charge = scene.column("select stripe_charge_id from transactions where id = '" + payment + "'").get(0);
        String dispute = scene.control("POST", "/sandbox/disputes", Map.of("charge", charge)).getString("id");
        soon().untilAsserted(
                () -> coach.gets("/v1/me/balance").then().body("[0].totalEarnings.amount", equalTo("0.00")));
        return dispute;
    }

    private static int transfersTo(Visitor coach) {
        return scene.countAtStripe("/v1/transfers", Map.of("destination", coach.account()), "");
    }

    private static int payoutsOf(Visitor coach) {
        return scene.countAtStripe("/v1/payouts", Map.of(), coach.account());
    }

    /** Waits until everything was listed again, and a comparison that began after that finds nothing. */
    private static void awaitNoDrift() {
        Instant begin = Instant.now();
        scene.run("update stripe_cursors set next_at = now()");
        soon().untilAsserted(() -> {
            scene.timePasses();
            scene.run("update scheduled_tasks set execution_time = now() where task_name = 'payout-sync' and not picked"
                    + " and execution_time > now() + interval '2 seconds'");
            assertThat(scene.column("select id from stripe_cursors where listing = 'payouts' and next_at <= now()"))
                    .as("to be listed").isEmpty();
            List<String> drift = scene.column("select drift::text from reconciliation_runs where status = 'done'"
                    + " and started_at > '" + begin + "' and open_findings = 0 order by id desc limit 1");
            assertThat(drift).as("drift; open: %s", open()).containsExactly("{}");
        });
    }

    /** The open differences, or the reason why nothing was compared. */
    private static List<String> open() {
        return scene.column("select row_to_json(f)::text from reconciliation_findings f where resolved_at is null union all"
                + " select row_to_json(r)::text from reconciliation_runs r where status <> 'done'");
    }
}
