package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.coachpay.journey.Sale.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.transfer.Transfer;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequestBooks;
import io.restassured.response.ValidatableResponse;

/** Refunds that take their time, or come back when everybody thought them done. */
@ServiceTest
class RefundFailureTest {

    private static final Map<String, BigDecimal> AS_PAID = Map.of("external", money("-125"), "platform_revenue",
            money("25"), "coach_available", money("100"));

    @Inject
    Access access;

    @Inject
    TransferRequestBooks steps;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void repaysTheCoachWhenARefundFailsAfterAll() {
        Sale sale = Sale.usual();
        String refund = sale.restRefunded();
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");

        fail(refund);

        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "100.00");
        assertThat(sale.entries()).isEqualTo(AS_PAID);
        sale.alice.gets("/v1/transactions/" + sale.payment).body("refunds[0].status", equalTo("failed"))
                .body("refunds[0].failureCode", equalTo("lost_or_stolen_card"));
    }

    @Test
    void refundsAgainWhatFailedOnce() {
        Sale sale = Sale.usual();
        fail(sale.restRefunded());
        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        sale.agrees();

        sale.refunded("62.50");
        sale.isSettledSoon();
        soon().untilAsserted(() -> assertThat(sale.entries()).containsEntry("external", money("-62.5"))
                .containsEntry("platform_revenue", money("12.5")).doesNotContainKey("refund_clearing"));
        sale.agrees();
        sale.carolHas("0.00", "50.00");
        sale.restRefunded();

        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");
        assertThat(sale.entries()).isEmpty();
    }

    /** Stripe does not say for which of several refunds a fee went back. */
    @Test
    void leavesItToAnAdministratorWhatTheCoachGetsBackOfOneOfSeveral() {
        Sale sale = Sale.of("10.01", "USD", 60);
        sale.refunded("3.33");
        String failing = sale.refunded("3.33");
        sale.restRefunded();
        sale.isSoon("refunded", "10.01");
        sale.isSettledSoon();
        sale.agrees();
        fail(failing);
        sale.isSoon("partially_refunded", "6.68");
        sale.isSettledSoon();
        sale.agrees("refund_clearing", "unrepaid_refund");
        Map<String, Object> finding = Findings.open("platform").stream()
                .filter(found -> "unrepaid_refund".equals(found.get("kind")) && failing.equals(found.get("stripeId")))
                .findFirst().orElseThrow();
        assertThat(Findings.amount(finding)).isEqualTo("3.33 USD");
        assertThat(finding.get("details")).asString().contains("the coach has 0 of the payment", "2.6647");

        repays(failing, "2.66", "The coach's part").statusCode(200).body("status", equalTo("failed"))
                .body("repaid.amount", equalTo("2.66"));

        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "2.66");
        assertThat(sale.entries()).isEqualTo(Map.of("external", money("-3.33"), "platform_revenue", money("0.67"),
                "coach_available", money("2.66")));
    }

    @Test
    void repaysOnceAndNoMoreThanTheRefundTook() {
        Sale sale = Sale.usual();
        sale.refunded("25.00");
        String failing = sale.refunded("50.00");
        sale.isSettledSoon();
        Problem.is(repays(failing, "40.00", "Too soon"), 409, "not-to-be-repaid");
        fail(failing);
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();

        Problem.is(repays(failing, "50.01", "Greed"), 422, "exceeds-taken").body("taken.amount", equalTo("50.00"));
        Problem.is(repays(failing, "40.00", " "), 400, "invalid-request");
        Problem.is(Person.admin().posts("/v1/admin/refunds/" + failing + "/repay",
                Map.of("toCoach", Marketplace.money("40.00", "EUR"), "reason", "Abroad")), 400, "invalid-request");
        repays(failing, "40.00", "The coach's part").statusCode(200);
        repays(failing, "40.00", "Sent again").statusCode(200).body("repaid.amount", equalTo("40.00"));
        Problem.is(repays(failing, "39.00", "Another thought"), 409, "not-to-be-repaid");

        sale.isSettledSoon();
        assertThat(OwnerSql.rows("select trim_scale(amount)::text as amount from transfer_steps where transaction_id = ?",
                sale.payment)).containsExactly(Map.of("amount", "40"));
        assertThat(OwnerSql.rows("select decision, decided_by is not null as by, decision_reason from refunds"
                + " where stripe_refund_id = ?", failing))
                .containsExactly(Map.of("decision", "repay", "by", true, "decision_reason", "The coach's part"));
        sale.agrees();
        sale.carolHas("0.00", "80.00");
    }

    @Test
    void repaysOnceHoweverManyDecideAtOnce() {
        Sale sale = Sale.usual();
        sale.refunded("25.00");
        String failing = sale.refunded("50.00");
        sale.isSettledSoon();
        fail(failing);
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();

        List<CompletableFuture<Integer>> answers = Stream.of("40.00", "39.00", "38.00", "37.00")
                .map(amount -> CompletableFuture.supplyAsync(() -> repays(failing, amount, "At once").extract().statusCode()))
                .toList();

        assertThat(answers.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(200, 409, 409, 409);
        sale.isSettledSoon();
        sale.agrees();
    }

    /** The failed refund's amount has gone back by another refund since, so that the platform has nothing of it. */
    @Test
    void closesWhatNothingIsDueOf() {
        Sale sale = Sale.usual();
        sale.refunded("62.50");
        String failing = sale.refunded("62.50");
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        fail(failing);
        sale.isSoon("partially_refunded", "62.50");
        sale.isSettledSoon();
        Person.admin().posts("/v1/transactions/" + sale.payment + "/refunds", Map.of("reason", "It came back"))
                .statusCode(201);
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees("unrepaid_refund");

        repays(failing, "0.00", "The payer has it by now").statusCode(200).body("repaid.amount", equalTo("0.00"));

        sale.agrees();
        assertThat(sale.entries()).isEmpty();
    }

    /** Two refunds failed: a decision about one does not touch the other. */
    @Test
    void decidesAboutEachForItself() {
        Sale sale = Sale.usual();
        String one = sale.refunded("50.00");
        String other = sale.refunded("25.00");
        sale.isSettledSoon();
        fail(one);
        fail(other);
        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();

        repays(one, "40.00", "The coach's part").statusCode(200);
        sale.isSettledSoon();
        sale.agrees("refund_clearing", "unrepaid_refund");
        assertThat(sale.entries()).containsEntry("platform_revenue", money("20")).containsEntry("refund_clearing", money("25"));
        repays(other, "20.00", "The coach's part").statusCode(200);

        sale.isSettledSoon();
        sale.agrees();
        assertThat(sale.entries()).isEqualTo(AS_PAID);
    }

    @Test
    void decidesAboutOneWhileTheOthersRepaymentWaits() {
        Sale sale = Sale.usual();
        String one = sale.refunded("50.00");
        String other = sale.refunded("25.00");
        sale.isSettledSoon();
        sale.agrees();
        fail(one);
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        StripeSandbox.faults(shortOf("/v1/transfers"));
        repays(one, "40.00", "The coach's part").statusCode(200);
        soon().until(
                () -> !OwnerSql.rows("select 1 from transfer_steps where transaction_id = ? and status = 'waiting_for_funds'",
                        sale.payment).isEmpty());
        fail(other);
        sale.isSoon("completed", "0.00");
        soon().until(
                () -> OwnerSql.rows("select 1 from refunds where transaction_id = ? and check_at is not null", sale.payment)
                        .isEmpty());

        repays(other, "20.00", "The coach's part").statusCode(200);

        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(30));
        sale.isSettledSoon();
        sale.agrees();
        assertThat(sale.entries()).isEqualTo(AS_PAID);
    }

    @Test
    void repaysNobodyWhereThePlatformBoreItAlone() {
        Sale sale = Sale.usual();
        sale.agrees();
        String refund = sale.refundInDashboard(12500 / 5);
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();

        fail(refund);

        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        assertThat(OwnerSql.rows("select 1 from transfer_steps where transaction_id = ?", sale.payment)).isEmpty();
        sale.agrees();
        assertThat(sale.entries()).isEqualTo(AS_PAID);
    }

    @Test
    void leavesTheCoachAFeeThatWentBackWithoutTheTransfer() {
        Sale sale = Sale.usual();
        sale.agrees();
        String refund = StripeSandbox.request().formParam("payment_intent", sale.paymentIntent()).formParam("amount", 2500)
                .formParam("refund_application_fee", true).post("/v1/refunds").then().statusCode(200).extract().path("id");
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "105.00", "-8.93", "-96.07");

        fail(refund);

        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "105.00");
        assertThat(OwnerSql.rows("select 1 from transfer_steps where transaction_id = ?", sale.payment)).isEmpty();
        sale.refunded("62.50");
        sale.restRefunded();
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees();
        assertThat(sale.entries()).isEmpty();
    }

    @Test
    void leavesTheCoachAFeeThatWasGivenBackByItself() {
        Sale sale = Sale.usual();
        sale.agrees();
        StripeSandbox.request().formParam("amount", 500).post("/v1/application_fees/" + sale.fee() + "/refunds").then()
                .statusCode(200);
        StripeSandbox.advance(Duration.ofMinutes(1));
        String refund = sale.refundInDashboard(2500);
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();

        fail(refund);

        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "105.00", "16.07", "-121.07");
        sale.agrees();
    }

    @Test
    void followsARefundOnItsWay() {
        Sale sale = Sale.withCard("pm_card_pendingRefund");
        String refund = sale.refundRest().statusCode(201).body("status", equalTo("pending")).extract().path("id");

        StripeSandbox.control("/sandbox/refunds/" + stripeId(refund) + "/succeed", Map.of()).statusCode(200);

        soon().untilAsserted(() -> sale.carol.gets("/v1/transactions/" + sale.payment).body("refunds[0].status",
                equalTo("succeeded")));
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void repaysTheCoachWhenARefundFailsOnItsWay() {
        Sale sale = Sale.withCard("pm_card_pendingRefund");
        sale.agrees();
        String refund = sale.refundRest().statusCode(201).body("status", equalTo("pending")).extract().path("id");

        fail(stripeId(refund));

        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        sale.agrees();
        assertThat(sale.entries()).isEqualTo(AS_PAID);
    }

    @Test
    void booksAFailureThatIsToldBeforeItsRefund() {
        Sale sale = Sale.usual();
        sale.agrees();
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"refund.*\"}, \"do\": \"drop\", \"times\": 2}]}");
        String refund = StripeSandbox.request().formParam("payment_intent", sale.paymentIntent())
                .formParam("reverse_transfer", true).formParam("refund_application_fee", true).post("/v1/refunds").then()
                .statusCode(200).extract().path("id");

        fail(refund);

        soon().untilAsserted(() -> sale.carol.gets("/v1/transactions/" + sale.payment).body("refunds[0].status",
                equalTo("failed")));
        sale.isSoon("completed", "0.00");
        sale.isSettledSoon();
        sale.agrees();
        assertThat(sale.entries()).isEqualTo(AS_PAID);
    }

    @Test
    void repaysTheCoachWhileAnotherRefundWaitsForFunds() {
        Sale sale = Sale.usual();
        sale.agrees();
        String failing = sale.refunded("50.00");
        sale.isSettledSoon();
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.faults(shortOf("/v1/refunds"));
        String waiting = sale.refund("25.00").statusCode(201).body("status", equalTo("requested")).extract().path("id");
        fail(failing);
        sale.isSoon("completed", "0.00");
        soon().until(() -> OwnerSql.rows("select 1 from refunds where stripe_refund_id = ? and check_at is not null", failing)
                .isEmpty());

        repays(failing, "40.00", "The coach's part").statusCode(200);

        soon().untilAsserted(() -> isRepaid(sale));
        assertThat(OwnerSql.rows("select status from refunds where id = ?::uuid", waiting))
                .containsExactly(Map.of("status", "requested"));
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(10));
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "80.00");
    }

    /** The reversal for the coach's share of a dispute waits for the repayment. */
    @Test
    void repaysTheCoachWhileADisputeTakesItsShare() {
        Sale sale = Sale.usual();
        sale.agrees();
        String failing = sale.refunded("50.00");
        sale.isSettledSoon();
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.faults(shortOf("/v1/transfers/*"));
        recover(sale.payment);

        fail(failing);

        soon().untilAsserted(() -> isRepaid(sale));
    }

    private static void isRepaid(Sale sale) {
        assertThat(OwnerSql.rows("select status from transfer_steps where transaction_id = ? and purpose = 'refund_failed'",
                sale.payment)).containsExactly(Map.of("status", "created"));
    }

    /** A transfer request of a dispute that is not made yet. */
    private void recover(UUID payment) {
        UUID dispute = UUID.randomUUID();
        OwnerSql.run("""
                insert into disputes (id, transaction_id, stripe_dispute_id, amount, currency, status, reason, opened_at)
                values (?, ?, ?, 10, 'USD', 'needs_response', 'general', now())""", dispute, payment,
                "dp_" + dispute.toString().replace("-", ""));
        access.runAsService(
                () -> steps.reverse(Transfer.of(payment).get(0), Money.parse("USD 10.00"), Purpose.DISPUTE_RECOVERY, dispute));
        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select status from transfer_steps where transaction_id = ? and purpose = 'dispute_recovery'", payment))
                .containsExactly(Map.of("status", "waiting_for_funds")));
    }

    private static String shortOf(String path) {
        return """
                {"requests": [{"match": {"method": "POST", "path": "%s"}, "do": "error", "status": 400,
                               "type": "invalid_request_error", "code": "balance_insufficient", "message": "Not now."}]}"""
                .formatted(path);
    }

    private static ValidatableResponse repays(String refund, String toCoach, String why) {
        return Person.admin().posts("/v1/admin/refunds/" + refund + "/repay",
                Map.of("toCoach", Marketplace.money(toCoach, "USD"), "reason", why));
    }

    private static void fail(String refund) {
        StripeSandbox.control("/sandbox/refunds/" + refund + "/fail", Map.of()).statusCode(200);
    }

    private static String stripeId(String refund) {
        return OwnerSql.rows("select stripe_refund_id as id from refunds where id = ?::uuid", refund).get(0).get("id")
                .toString();
    }
}
