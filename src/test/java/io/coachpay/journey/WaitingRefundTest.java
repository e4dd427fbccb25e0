package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Management;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.response.ValidatableResponse;

/** A payer waits for a refund: that is found, has an end, and can be decided. */
@ServiceTest
class WaitingRefundTest {

    @Inject
    Jobs jobs;

    private Sale sale;

    @BeforeEach
    void sell() {
        sale = Sale.usual();
        sale.agrees();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        StripeSandbox.control("/sandbox/refunds/unfunded", Map.of("refused", false)).statusCode(200);
    }

    @Test
    void findsARefundThatWaitsForFundsAfterAnHour() {
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        sale.refund("25.00").statusCode(201).body("status", equalTo("requested"))
                .body("failureCode", equalTo("platform_balance_insufficient"));
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).isEmpty();

        StripeSandbox.advance(Duration.ofHours(1).plusSeconds(1));
        Findings.reconcile();

        Map<String, Object> waiting = waiting();
        assertThat(waiting).containsEntry("cause", "short_of_funds");
        assertThat(waiting.get("details").toString()).contains("platform_balance_insufficient");
        assertThat(Findings.amount(waiting)).isEqualTo("25.00 USD");
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(10));
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void findsARefundThatStripeLetsWaitForFunds() {
        // More than other stories leave the platform in this currency.
        Sale sale = Sale.of("4000.00", "CAD", 75);
        sale.agrees();
        StripeSandbox.request().formParam("payment_intent", sale.paymentIntent()).post("/v1/refunds").then().statusCode(200);
        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select status, pending_reason from refunds where transaction_id = ?", sale.payment))
                .containsExactly(Map.of("status", "pending", "pending_reason", "insufficient_funds")));
        StripeSandbox.advance(Duration.ofHours(1).plusSeconds(1));
        Findings.reconcile();
        assertThat(
                OwnerSql.rows("select cause from reconciliation_findings where transaction_id = ? and kind = 'waiting_refund'",
                        sale.payment))
                .containsExactly(Map.of("cause", "short_of_funds"));
        Person.admin().gets("/v1/admin/refunds?status=pending").body("data.pendingReason", hasItem("insufficient_funds"));

        Marketplace.toppedUp("cad", 600000);

        sale.isSoon("refunded", "5000.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void countsWhatWaits() {
        waitingForLong();

        soon().untilAsserted(() -> {
            String metrics = Management.get("/q/metrics").then().statusCode(200).extract().asString();
            assertThat(metrics).containsPattern("coachpay_waiting_count\\{what=\"refund\",?\\} [1-9]")
                    .containsPattern("coachpay_waiting_age_seconds\\{what=\"refund\",?\\} [0-9.]*[1-9]")
                    .containsPattern("coachpay_waiting_amount\\{currency=\"USD\",what=\"refund\",?\\} [0-9.]*[1-9]");
        });
    }

    @Test
    void findsARefundThatStripeCannotBeAskedForWithinADay() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "error", "status": 429,
                               "type": "invalid_request_error", "code": "rate_limit", "message": "Slowly."}]}""");
        sale.refund("25.00").statusCode(201).body("status", equalTo("requested"));

        StripeSandbox.advance(Duration.ofHours(25));
        Findings.reconcile();

        assertThat(waiting()).containsEntry("cause", "unknown");
    }

    @Test
    void findsARefundThatStripeLeavesPendingForTwoWeeks() {
        // No event may report its real state in between.
        StripeSandbox.faults("{\"webhooks\": [{\"do\": \"drop\"}]}");
        String id = sale.refund("25.00").statusCode(201).extract().path("id");
        sale.isSettledSoon();
        OwnerSql.run("update refunds set created_at = ?::timestamptz - interval '14 days 1 minute' where id = ?::uuid",
                StripeSandbox.now().toString(), id);
        OwnerSql.run("alter table refunds disable trigger status_edge");
        OwnerSql.run("update refunds set status = 'pending' where id = ?::uuid", id);
        OwnerSql.run("alter table refunds enable trigger status_edge");

        Findings.reconcile();

        assertThat(waiting()).containsEntry("cause", "unknown").containsEntry("details", "pending");
    }

    @Test
    void goesOnAsSoonAsThePlatformIsToppedUp() {
        String id = waitingForLong();

        Marketplace.toppedUp("usd", 5000);

        refundIsSoon(id, "succeeded");
    }

    @Test
    void goesOnAsSoonAsTheCoachsFundsAreAvailable() {
        String id = waitingForLong();
        Marketplace.paid(Person.called("bob"), sale.carol, 60);

        StripeSandbox.advance(Duration.ofDays(3));

        refundIsSoon(id, "succeeded");
    }

    @Test
    void hasThePlatformPayWhatTheCoachsAccountCannotGiveInTime() {
        paidOut(sale);
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        Person.admin().posts("/v1/transactions/" + sale.payment + "/refunds", Map.of("reason", "It did not take place"))
                .statusCode(201).body("failureCode", equalTo("coach_balance_insufficient"));
        StripeSandbox.advance(Duration.ofDays(2));
        jobs.runNow("refund-check");
        assertThat(OwnerSql.rows("select borne_alone from refunds where transaction_id = ?", sale.payment))
                .containsExactly(Map.of("borne_alone", false));

        Marketplace.toppedUp("usd", 20000);
        // It is tried once more for the top-up, and the next try is the one that counts.
        Marketplace.hearsOfAll();
        soon().until(() -> OwnerSql
                .rows("select 1 from stripe_events where type = 'topup.succeeded' and status <> 'processed'").isEmpty()
                && OwnerSql.rows("select 1 from refunds where transaction_id = ? and check_at <= ?::timestamptz", sale.payment,
                        StripeSandbox.now().toString()).isEmpty());
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "error", "status": 400, "times": 1,
                               "type": "invalid_request_error", "code": "balance_insufficient", "message": "Not now."}]}""");
        // No try on the way there uses the refusal up.
        OwnerSql.run("update refunds set check_at = ?::timestamptz where transaction_id = ?",
                StripeSandbox.now().plus(Duration.ofDays(1).plusMinutes(5)).toString(), sale.payment);
        StripeSandbox.advance(Duration.ofDays(1).plusMinutes(10));

        sale.isSoon("refunded", "125.00");
        Findings.reconcile();
        assertThat(OwnerSql.rows("select borne_alone from refunds where transaction_id = ?", sale.payment))
                .containsExactly(Map.of("borne_alone", true));
        assertThat(OwnerSql
                .rows("select details from reconciliation_findings where transaction_id = ? and kind = 'refund_clearing'",
                        sale.payment)
                .get(0).get("details").toString()).contains("could not give its part");
    }

    /** Nothing is left of the payment's own transfer, so the platform gives first and takes the coach's part afterwards. */
    @Test
    void takesItsPartFromTheCoachWhereOnlyThePlatformWasShort() {
        Sale sale = Sale.of("100.00", "AUD", 75);
        sale.agrees();
        StripeSandbox.control("/sandbox/refunds/" + sale.restRefunded() + "/fail", Map.of()).statusCode(200);
        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        sale.agrees();
        paidOut(sale);
        int left = StripeSandbox.request().get("/v1/balance").then().statusCode(200).extract()
                .path("available.find { it.currency == 'aud' }.amount");
        StripeSandbox.request().formParam("amount", left).formParam("currency", "aud").post("/v1/payouts").then()
                .statusCode(200);
        StripeSandbox.control("/sandbox/refunds/unfunded", Map.of("refused", true)).statusCode(200);
        Person.admin().posts("/v1/transactions/" + sale.payment + "/refunds", Map.of("reason", "It did not take place"))
                .statusCode(201).body("status", equalTo("requested"))
                .body("failureCode", equalTo("platform_balance_insufficient"));

        StripeSandbox.advance(Duration.ofDays(3).plusMinutes(10));
        jobs.runNow("refund-check");
        assertThat(OwnerSql.rows("select borne_alone from refunds where transaction_id = ? and status = 'requested'",
                sale.payment)).containsExactly(Map.of("borne_alone", false));

        Marketplace.toppedUp("aud", 20000);
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        assertThat(sale.entries()).containsOnlyKeys("coach_pending", "coach_available");
    }

    @Test
    void givesTheCoachsAccountItsTimeFromWhenItIsShort() {
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.refuses("/v1/refunds", "not_today");
        String id = sale.refundRest().statusCode(201).body("status", equalTo("refused")).extract().path("id");
        paidOut(sale);
        OwnerSql.run("update refunds set created_at = ?::timestamptz - interval '7 days' where id = ?::uuid",
                StripeSandbox.now().toString(), id);
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");

        decides(id, "retry").statusCode(200).body("failureCode", equalTo("coach_balance_insufficient"))
                .body("platformPays", equalTo(false));
        StripeSandbox.advance(Duration.ofDays(3).plusMinutes(10));
        jobs.runNow("refund-check");

        soon().untilAsserted(
                () -> assertThat(OwnerSql.rows("select borne_alone from refunds where transaction_id = ?", sale.payment))
                        .containsExactly(Map.of("borne_alone", true)));
    }

    @Test
    void leavesTheCoachWhatThePlatformBoreAloneWhenTheRestIsRefunded() {
        borneAlone("100.00");
        sale.isSettledSoon();

        sale.restRefunded();

        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        assertThat(sale.entries()).containsEntry("platform_revenue", Sale.money("20"));
        sale.agrees("refund_clearing");
        sale.carolHas("0.00", "80.00");
    }

    @Test
    void leavesTheCoachWhatThePlatformBoreAloneAfterwards() {
        String first = sale.refunded("25.00");
        sale.isSettledSoon();
        OwnerSql.run("update refunds set check_at = created_at + interval '90 days' where stripe_refund_id = ?", first);
        borneAlone("100.00");
        sale.isSoon("refunded", "125.00");
        soon().until(() -> !OwnerSql.rows("select 1 from refunds where transaction_id = ? and borne_alone and check_at is null",
                sale.payment).isEmpty());

        OwnerSql.run("update refunds set check_at = created_at where stripe_refund_id = ?", first);

        sale.isSettledSoon();
        assertThat(sale.entries()).containsEntry("platform_revenue", Sale.money("20"));
        sale.agrees("refund_clearing");
        sale.carolHas("0.00", "80.00");
    }

    @Test
    void asksWithAnotherKeyForWhatStripeRefusedThePlatformToo() {
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.refuses("/v1/refunds", "not_today");
        String id = sale.refund("25.00").statusCode(201).extract().path("id");
        decides(id, "platform-pays").statusCode(200).body("status", equalTo("refused")).body("platformPays", equalTo(true));
        Object before = attempt(id);
        StripeSandbox.noFaults();

        decides(id, "platform-pays").statusCode(200).body("status", equalTo("succeeded"));

        assertThat(attempt(id)).isNotEqualTo(before);
        sale.isSettledSoon();
        sale.agrees("refund_clearing");
    }

    @Test
    void letsAnAdministratorHaveThePlatformPay() {
        Marketplace.toppedUp("usd", 20000);
        sale.agrees();
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        String id = sale.refundRest().statusCode(201).extract().path("id");
        StripeSandbox.noFaults();

        decides(id, "platform-pays").statusCode(200).body("platformPays", equalTo(true)).body("status", equalTo("succeeded"));

        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.carolHas("0.00", "100.00");
        assertThat(OwnerSql.rows("select actor_id from audit_log where table_name = 'refunds' and row_id = ?::uuid", id))
                .isNotEmpty();
        sale.agrees("refund_clearing");
    }

    @Test
    void letsAnAdministratorRetryWhatStripeRefused() {
        StripeSandbox.refuses("/v1/refunds", "not_today");
        String id = sale.refund("25.00").statusCode(201).body("status", equalTo("refused")).extract().path("id");
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).contains("refused_refund");
        StripeSandbox.noFaults();

        decides(id, "retry").statusCode(200).body("status", equalTo("succeeded")).body("failureCode", nullValue());

        sale.isSoon("partially_refunded", "25.00");
        String stripeId = OwnerSql.rows("select stripe_refund_id as id from refunds where id = ?::uuid", id).get(0).get("id")
                .toString();
        Problem.is(decides(stripeId, "retry"), 409, "refund-under-way").body("detail", containsString("succeeded"));
        Problem.is(decides(stripeId, "withdraw"), 409, "refund-under-way");
        Problem.is(decides(stripeId, "platform-pays"), 409, "refund-under-way");
        Problem.is(decides("re_unknown", "retry"), 404);
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void retriesNothingThatNoLongerFits() {
        StripeSandbox.refuses("/v1/refunds", "not_today");
        String id = sale.refund("100.00").statusCode(201).body("status", equalTo("refused")).extract().path("id");
        StripeSandbox.noFaults();
        sale.refunded("50.00");

        Problem.is(decides(id, "retry"), 422, "exceeds-remainder").body("remainder.amount", equalTo("75.00"));

        sale.isSettledSoon();
        sale.agrees("refused_refund");
    }

    @Test
    void letsAnAdministratorWithdrawWhatWaits() {
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        String id = sale.refund("100.00").statusCode(201).extract().path("id");
        StripeSandbox.noFaults();
        Person.admin().gets("/v1/admin/refunds?status=requested").statusCode(200).body("data.id", hasItem(id));

        decides(id, "withdraw").statusCode(200).body("status", equalTo("refused")).body("failureCode", equalTo("withdrawn"));

        sale.restRefunded();
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void withdrawsNothingThatStripeHasMadeWithoutOurKnowing() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "lost_answer", "times": 1},
                              {"match": {"path": "/v1/refunds*"}, "do": "refuse"},
                              {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}],
                 "webhooks": [{"match": {"type": "refund.*"}, "do": "drop"},
                              {"match": {"type": "charge.refunded"}, "do": "drop"}]}""");
        String id = sale.refund("25.00").statusCode(201).body("status", equalTo("requested")).extract().path("id");
        StripeSandbox.noFaults();

        Problem.is(decides(id, "withdraw"), 409, "refund-under-way");

        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void letsAnAdministratorRetryAStepThatStripeRefused() {
        String dispute = sale.disputed(12500);
        sale.isSettledSoon();
        StripeSandbox.refuses("/v1/transfers", "not_today");
        sale.decided(dispute, "won");
        soon().untilAsserted(() -> assertThat(step("dispute_won")).containsEntry("status", "refused"));
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.noFaults();
        String id = step("dispute_won").get("id").toString();

        step(id, "retry").statusCode(200).body("status", equalTo("created"));

        Problem.is(step(step("dispute_won").get("stripe_id").toString(), "retry"), 409, "step-over");
        Problem.is(step(id, "withdraw"), 409, "step-over");
        Problem.is(step("tr_unknown", "withdraw"), 404);
        sale.agrees();
        sale.carolHas("0.00", "100.00");
    }

    @Test
    void asksNoMoreForAStepThatAnAdministratorWithdrew() {
        String dispute = sale.disputed(12500);
        sale.isSettledSoon();
        StripeSandbox.refuses("/v1/transfers", "balance_insufficient");
        sale.decided(dispute, "won");
        soon().untilAsserted(() -> assertThat(step("dispute_won")).containsEntry("status", "waiting_for_funds"));

        step(step("dispute_won").get("id").toString(), "withdraw").statusCode(200).body("status", equalTo("refused"));

        StripeSandbox.noFaults();
        OwnerSql.run("update disputes set check_at = created_at where stripe_dispute_id = ?", dispute);
        jobs.runNow("dispute-check");
        assertThat(step("dispute_won")).containsEntry("failure_code", "withdrawn_by_administrator");
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).isEmpty();
    }

    /** A refund whose next turn is far away. */
    private String waitingForLong() {
        StripeSandbox.refuses("/v1/refunds", "balance_insufficient");
        String id = sale.refund("25.00").statusCode(201).body("status", equalTo("requested")).extract().path("id");
        StripeSandbox.noFaults();
        OwnerSql.run("update refunds set check_at = check_at + interval '30 days' where id = ?::uuid", id);
        return id;
    }

    /** A refund of this much that the platform alone pays, and that has succeeded. */
    private void borneAlone(String amount) {
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.refuses("/v1/refunds", "not_today");
        String id = sale.refund(amount).statusCode(201).extract().path("id");
        StripeSandbox.noFaults();
        decides(id, "platform-pays").statusCode(200).body("platformPays", equalTo(true)).body("status", equalTo("succeeded"));
    }

    private static Object attempt(String refund) {
        return OwnerSql.rows("select attempt from refunds where id = ?::uuid", refund).get(0).get("attempt");
    }

    /** Pays Carol out, so that her account has nothing to give. */
    private static void paidOut(Sale sale) {
        Marketplace.tookPlace(sale.payment);
        sale.carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201);
    }

    private static ValidatableResponse decides(String refund, String what) {
        return Person.admin().posts("/v1/admin/refunds/" + refund + "/" + what);
    }

    private static ValidatableResponse step(String step, String what) {
        return Person.admin().posts("/v1/admin/transfers/" + step + "/" + what);
    }

    private Map<String, Object> step(String purpose) {
        return OwnerSql.rows("select * from transfer_steps where transaction_id = ? and purpose = ?", sale.payment, purpose)
                .stream().reduce((one, other) -> {
                    throw new AssertionError("Two steps: " + one + ", " + other);
                }).orElse(Map.of());
    }

    private static void refundIsSoon(String id, String status) {
        soon().untilAsserted(() -> assertThat(OwnerSql.rows("select status from refunds where id = ?::uuid", id))
                .containsExactly(Map.of("status", status)));
    }

    /** The finding about this payment's refunds. */
    private Map<String, Object> waiting() {
        return Findings.open("platform").stream().filter(finding -> "waiting_refund".equals(finding.get("kind")))
                .filter(finding -> sale.payment.toString().equals(finding.get("transactionId"))).findFirst().orElseThrow();
    }
}
