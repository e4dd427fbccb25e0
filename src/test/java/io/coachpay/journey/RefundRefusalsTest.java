package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** Permissions and obstacles for refunds. */
@ServiceTest
class RefundRefusalsTest {

    private Sale sale;

    @BeforeEach
    void sell() {
        sale = Sale.usual();
    }

    @Test
    void namesWhatRemains() {
        sale.refund("100.00").statusCode(201);

        Problem.is(sale.refund("25.01"), 422, "exceeds-remainder").body("remainder.amount", equalTo("25.00"));
        Problem.is(sale.refund("1000000.00"), 422, "exceeds-remainder");
        sale.refund("25.00").statusCode(201);
        Problem.is(sale.refundRest(), 422, "exceeds-remainder").body("remainder.amount", equalTo("0.00"));
    }

    @Test
    void refusesWhatIsNoAmountOfThePayment() {
        Problem.names(sale.refund("0.00"), "amount");
        Problem.names(refund(Map.of("amount", Map.of("amount", "1000", "currency", "JPY"), "reason", "x")), "amount.currency");
        Problem.is(refund(Map.of("amount", Map.of("amount", "1.000", "currency", "USD"), "reason", "x")), 400);
        Problem.names(refund(Map.of("reason", " ")), "reason");
        Problem.names(refund(Map.of("reason", "x".repeat(501))), "reason");
        Problem.names(refund(Map.of()), "reason");
        sale.alice.gets("/v1/transactions/" + sale.payment).body("refunds", hasSize(0));
    }

    @Test
    void refusesToRefundWhatNobodyPaid() {
        String session = booked(sale.alice, sale.carol, freeTime(), 60);
        String payment = sale.alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().path("transactionId");

        Problem.is(sale.carol.posts("/v1/transactions/" + payment + "/refunds", Map.of("reason", "x")), 409, "not-paid");
        Problem.is(sale.carol.posts("/v1/transactions/" + UUID.randomUUID() + "/refunds", Map.of("reason", "x")), 404);
    }

    @Test
    void waitsUntilADisputeIsDecided() {
        String dispute = sale.disputed(5000);
        Problem.is(sale.refund("1.00"), 409, "payment-disputed");
        Problem.is(sale.refundRest(), 409, "payment-disputed");
        Problem.is(Person.admin().posts("/v1/transactions/" + sale.payment + "/refunds", Map.of("reason", "Goodwill")), 409,
                "payment-disputed");

        sale.decided(dispute, "lost");

        Problem.is(sale.refund("75.01"), 422, "exceeds-remainder").body("remainder.amount", equalTo("75.00"));
        sale.refunded("75.00");
        sale.isSoon("partially_refunded", "75.00");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "0.00", "-18.93", "18.93");
        sale.agrees();
    }

    @Test
    void refundsAllOfItOnceADisputeIsWon() {
        String dispute = sale.disputed(12500);
        Problem.is(sale.refund("1.00"), 409, "payment-disputed");
        sale.isSettledSoon();

        sale.decided(dispute, "won");

        Problem.is(sale.refund("125.01"), 422, "exceeds-remainder").body("remainder.amount", equalTo("125.00"));
        // The coach's repayment comes from the platform's available balance.
        StripeSandbox.advance(Duration.ofDays(3));
        sale.isSettledSoon();
        sale.restRefunded();
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        Outcome.isSoon(sale.payment, "0.00", "-18.93", "18.93");
        sale.agrees();
    }

    @Test
    void answersTheSameKeyOnceMoreAndRefundsOnce() {
        String key = UUID.randomUUID().toString();
        String first = withKey(key, "25.00").statusCode(201).extract().path("id");

        withKey(key, "25.00").statusCode(201).header("Idempotent-Replayed", "true").body("id", equalTo(first));

        Problem.is(withKey(key, "30.00"), 422);
        sale.alice.gets("/v1/transactions/" + sale.payment).body("refunds", hasSize(1));
    }

    @Test
    void letsAnAdministratorRefundAndSee() {
        Person admin = Person.admin();
        admin.posts("/v1/transactions/" + sale.payment + "/refunds", Map.of("reason", "Goodwill")).statusCode(201);

        sale.isSoon("refunded", "125.00");
        admin.gets("/v1/transactions/" + sale.payment).statusCode(200).body("platformFee.amount", equalTo("25.00"))
                .body("refunds[0].reason", equalTo("Goodwill"));
        sale.alice.gets("/v1/transactions").body("data[0].refunds[0].amount.amount", equalTo("125.00"))
                .body("data[0].platformFee", nullValue());
        assertThat(OwnerSql.rows("select 1 from refunds where transaction_id = ? and requested_by = ?::uuid", sale.payment,
                admin.id())).hasSize(1);
        Books.closeFor(sale.carol);
    }

    private ValidatableResponse refund(Map<String, ?> body) {
        return sale.carol.posts("/v1/transactions/" + sale.payment + "/refunds", body);
    }

    private ValidatableResponse withKey(String key, String amount) {
        return sale.carol.asks().header("Idempotency-Key", key)
                .body(Map.of("amount", Map.of("amount", amount, "currency", "USD"), "reason", "We finished early"))
                .post("/v1/transactions/" + sale.payment + "/refunds").then();
    }
}
