package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.coachpay.journey.Sale.money;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** A refund is three facts, reported by three objects: each is booked by itself, and none is lost with its event. */
@ServiceTest
class LostEventsTest {

    private static final Map<String, BigDecimal> HALF_REFUNDED = Map.of("external", money("-62.5"), "platform_revenue",
            money("12.5"), "coach_pending", money("50"));

    private Sale sale;

    @BeforeEach
    void sell() {
        sale = Sale.usual();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @ParameterizedTest
    @ValueSource(strings = { "transfer.reversed", "application_fee.refunded", "charge.refunded", "refund.created",
            "charge.refund.updated" })
    void endsTheSameWithout(String event) {
        faults("{\"match\": {\"type\": \"%s\"}, \"do\": \"drop\", \"times\": 1}".formatted(event));

        refundHalf();

        soon().until(LostEventsTest::applied);
        isHalfRefunded();
    }

    @ParameterizedTest
    @ValueSource(strings = { "transfer.reversed", "application_fee.refunded" })
    void endsTheSameForAPayerWithout(String event) {
        faults("{\"match\": {\"type\": \"%s\"}, \"do\": \"drop\", \"times\": 1}".formatted(event));

        sale.refunded("62.50");

        soon().until(LostEventsTest::applied);
        isHalfRefunded();
    }

    @ParameterizedTest
    @ValueSource(strings = { "refund.*", "charge.refund*", "transfer.reversed", "application_fee.refunded" })
    void endsTheSameWhenItComesLast(String event) {
        faults("{\"match\": {\"type\": \"%s\"}, \"do\": \"delay\", \"millis\": 2000}".formatted(event));

        refundHalf();

        isHalfRefunded();
    }

    @Test
    void endsTheSameWhenAllComeInAnotherOrder() {
        faults("{\"match\": {\"kind\": \"platform\"}, \"do\": \"reorder\", \"count\": 4, \"millis\": 1500}");

        refundHalf();

        isHalfRefunded();
    }

    @Test
    void booksAReversalFromItsOwnEventAlone() {
        onlyTells("transfer.reversed");

        refundHalf();

        soon().untilAsserted(() -> assertThat(sale.entries()).isEqualTo(Map.of("external", money("-125"), "platform_revenue",
                money("25"), "coach_pending", money("37.5"), "refund_clearing", money("62.5"))));
        isHalfRefundedOnceAllIsTold();
    }

    @Test
    void booksARefundFromItsChargeAlone() {
        onlyTells("charge.refunded");

        refundHalf();

        soon().untilAsserted(() -> assertThat(sale.entries()).isEqualTo(Map.of("external", money("-62.5"), "platform_revenue",
                money("25"), "coach_pending", money("100"), "refund_clearing", money("-62.5"))));
        isHalfRefundedOnceAllIsTold();
    }

    @Test
    void booksAFeeRefundFromItsOwnEventAlone() {
        onlyTells("application_fee.refunded");

        refundHalf();

        soon().untilAsserted(() -> assertThat(sale.entries()).isEqualTo(Map.of("external", money("-125"), "platform_revenue",
                money("12.5"), "coach_pending", money("112.5"))));
        isHalfRefundedOnceAllIsTold();
    }

    /** In the dashboard, so that no answer to a call of ours reports anything. */
    private void refundHalf() {
        StripeSandbox.request().formParam("payment_intent", sale.paymentIntent()).formParam("amount", 6250)
                .formParam("reverse_transfer", true).formParam("refund_application_fee", true).post("/v1/refunds").then()
                .statusCode(200);
    }

    /** Lets only this event arrive, and no query find the rest. */
    private static void onlyTells(String event) {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "%s"}, "do": "delay", "millis": 1},
                              {"match": {"kind": "platform"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""".formatted(event));
    }

    private void isHalfRefundedOnceAllIsTold() {
        StripeSandbox.noFaults();
        Marketplace.hearsOfAll();
        isHalfRefunded();
    }

    private void isHalfRefunded() {
        sale.isSoon("partially_refunded", "62.50");
        sale.isSettledSoon();
        soon().untilAsserted(() -> assertThat(sale.entries()).isEqualTo(HALF_REFUNDED));
        sale.agrees();
        sale.carolHas("0.00", "50.00");
    }

    private static void faults(String webhooks) {
        StripeSandbox.faults("{\"webhooks\": [" + webhooks + "]}");
    }

    private static boolean applied() {
        return StripeSandbox.request().get("/sandbox/faults").jsonPath().getInt("webhooks[0].applied") > 0;
    }
}
