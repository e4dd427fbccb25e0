package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Stripe refuses a call while a mentee pays: the payer learns that it is not their card, and an administrator why. */
@ServiceTest
class RefusedPaymentTest {

    @Inject
    Jobs jobs;

    private Person carol;
    private Person alice;
    private String account;
    private String session;

    @BeforeEach
    void book() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        account = carol.gets("/v1/me/connected-account").extract().path("stripeAccountId");
        alice = Person.called("alice");
        session = booked(alice, carol, freeTime(), 60);
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void isAFindingWithWhatStripeSaid() {
        UUID payment = isRefused("payment_intent");

        Findings.reconcile();

        Map<String, Object> finding = Findings.open(account, "refused_payment");
        assertThat(Findings.amount(finding)).isEqualTo("100.00 USD");
        assertThat(finding).containsEntry("cause", "refused").containsEntry("transactionId", payment.toString());
        assertThat(finding.get("details").toString())
                .isEqualTo("payment_intent_invalid_parameter, Payments do not work here, says ***");
        Person.admin().gets("/v1/transactions/" + payment).body("failureCode", equalTo("payment_intent_invalid_parameter"))
                .body("failureMessage", equalTo("Payments do not work here, says ***"));
        alice.gets("/v1/transactions/" + payment).body("failureCode", equalTo("payment_intent_invalid_parameter"))
                .body("failureMessage", nullValue());
    }

    @Test
    void staysAFindingAfterItsHoldIsOver() {
        isRefused("checkout");
        StripeSandbox.advance(Duration.ofMinutes(40));
        jobs.runNow("hold-expiry");
        isSoon(alice, session, "expired", "canceled");

        Findings.reconcile();

        assertThat(Findings.open(account, "refused_payment")).containsEntry("cause", "refused");
    }

    @Test
    void isNoneOnceTheSessionIsPaid() {
        isRefused("payment_intent");
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200)
                .extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");

        Books.closeFor(carol);
    }

    @Test
    void isNoneForACardThatTheBankRefused() {
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200)
                .extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa_chargeDeclined").statusCode(402);
        isSoon(alice, session, "pending_payment", "failed");

        Books.closeFor(carol);
    }

    @Test
    void isAFindingWhereNoPaymentReachesTheCoach() {
        isRefused("payment_intent", "charge_invalid_parameter", 409);

        Findings.reconcile();

        assertThat(Findings.open(account, "refused_payment")).containsEntry("cause", "refused");
    }

    private UUID isRefused(String method) {
        return isRefused(method, "payment_intent_invalid_parameter", 502);
    }

    private UUID isRefused(String method, String code, int answer) {
        // The customer is made by a first try, so that Stripe refuses the payment itself.
        String payment = "/v1/sessions/" + session + "/payment";
        alice.posts(payment, Map.of("method", method)).statusCode(200);
        alice.deletes(payment).statusCode(204);
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/*"}, "do": "error", "code": "%s",
                               "message": "Payments do not work here, says sk_test_sandbox"}]}""".formatted(code));
        alice.posts(payment, Map.of("method", method)).statusCode(answer);
        StripeSandbox.noFaults();
        return (UUID) OwnerSql.rows("select id from transactions where session_id = ?::uuid and status = 'failed'", session)
                .get(0).get("id");
    }
}
