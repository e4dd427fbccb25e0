package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.coachpay.journey.Sale.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.transfer.Transfer;
import io.coachpay.transfer.TransferStep.Purpose;
import io.coachpay.transfer.TransferSteps;

/** Refunds that take their time, or come back when everybody thought them done. */
@ServiceTest
class RefundFailureTest {

    private static final Map<String, BigDecimal> AS_PAID = Map.of("external", money("-125"), "platform_revenue",
            money("25"), "coach_available", money("100"));

    @Inject
    Access access;

    @Inject
    TransferSteps steps;

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

    @Test
    void repaysWhatTheFailedPartTookAndKeepsTheOthers() {
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
        sale.agrees();
        sale.carolHas("0.00", "2.66");
        assertThat(sale.entries()).isEqualTo(Map.of("external", money("-3.33"), "platform_revenue", money("0.67"),
                "coach_available", money("2.66")));
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

        soon().untilAsserted(() -> {
            // Whenever the other is not being asked for just then.
            StripeSandbox.advance(Duration.ofSeconds(61));
            isRepaid(sale);
        });
        assertThat(OwnerSql.rows("select status from refunds where id = ?::uuid", waiting))
                .containsExactly(Map.of("status", "requested"));
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(10));
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "80.00");
    }

    /** What takes the coach's share of a dispute waits for what the repayment brings. */
    @Test
    void repaysTheCoachWhileADisputeHoldsUpAnotherRefund() {
        Sale sale = Sale.usual();
        sale.agrees();
        String failing = sale.refunded("50.00");
        String held = sale.refunded("25.00");
        sale.isSettledSoon();
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.faults(shortOf("/v1/transfers/*"));
        recover(sale.payment);
        OwnerSql.run("update refunds set check_at = created_at + interval '90 days' where stripe_refund_id = ?", held);

        fail(failing);

        soon().untilAsserted(() -> isRepaid(sale));
    }

    private static void isRepaid(Sale sale) {
        assertThat(OwnerSql.rows("select status from transfer_steps where transaction_id = ? and purpose = 'refund_failed'",
                sale.payment)).containsExactly(Map.of("status", "created"));
    }

    /** A dispute's step that is not made yet. */
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

    private static void fail(String refund) {
        StripeSandbox.control("/sandbox/refunds/" + refund + "/fail", Map.of()).statusCode(200);
    }

    private static String stripeId(String refund) {
        return OwnerSql.rows("select stripe_refund_id as id from refunds where id = ?::uuid", refund).get(0).get("id")
                .toString();
    }
}
