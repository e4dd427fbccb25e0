package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** A client's own words about a payment reach Stripe beside ours, and the payer's address comes back. */
@ServiceTest
class PaymentMetadataJourneyTest {

    private Person alice;
    private String session;

    @BeforeEach
    void book() {
        alice = Person.called("alice");
        session = booked(alice, Marketplace.coach("carol", "100.00", "USD"), freeTime(), 75);
    }

    @Test
    void reachesThePaymentIntent() {
        String secret = pays("payment_intent", Map.of("order", "A-17")).statusCode(200).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");

        String intent = secret.substring(0, secret.indexOf("_secret"));
        assertThat(StripeSandbox.request().get("/v1/payment_intents/" + intent).jsonPath().<String, String> getMap("metadata"))
                .containsEntry("order", "A-17").containsEntry("session_id", session).containsKey("coachpay_id").hasSize(3);
        assertThat(payment("metadata ->> 'order'")).isEqualTo("A-17");
    }

    @Test
    void reachesThePageAndItsPayment() {
        String page = pays("checkout", Map.of("order", "A-18")).statusCode(200).extract().path("checkoutUrl");
        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");

        String checkout = "/v1/checkout/sessions/" + payment("stripe_checkout_session_id");
        assertThat(StripeSandbox.request().get(checkout).jsonPath().getString("metadata.order")).isEqualTo("A-18");
        String intent = "/v1/payment_intents/" + payment("stripe_payment_intent_id");
        assertThat(StripeSandbox.request().get(intent).jsonPath().<String, String> getMap("metadata"))
                .containsEntry("order", "A-18").containsEntry("session_id", session);
        assertThat(payment("customer_email")).contains("@");
    }

    @Test
    void reachesThePageOfAPurchaseOfCredits() {
        String offered = Marketplace.offered("Pro", "30.00", "33");
        String page = alice.posts("/v1/credits/checkout", Map.of("packageId", offered, "metadata", Map.of("order", "A-19")))
                .statusCode(201).extract().path("checkoutSessionId");

        assertThat(StripeSandbox.request().get("/v1/checkout/sessions/" + page).jsonPath().getString("metadata.order"))
                .isEqualTo("A-19");
        alice.posts("/v1/credits/checkout", Map.of("packageId", offered, "metadata", Map.of("coachpay_id", "another")))
                .statusCode(400).body("detail", containsString("metadata"));
    }

    @Test
    void cannotStandForOurs() {
        pays("checkout", Map.of("coachpay_id", "another")).statusCode(400).body("detail", containsString("metadata"));
        pays("checkout", Map.of("session_id", "another")).statusCode(400).body("detail", containsString("metadata"));
        pays("checkout", Map.of("order", "x".repeat(201))).statusCode(400).body("detail", containsString("metadata.order"));

        assertThat(OwnerSql.rows("select 1 from transactions where session_id = ?::uuid", session)).isEmpty();
    }

    private ValidatableResponse pays(String method, Map<String, String> metadata) {
        return alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", method, "metadata", metadata));
    }

    private String payment(String column) {
        return String.valueOf(OwnerSql.rows("select " + column + " as it from transactions where session_id = ?::uuid", session)
                .get(0).get("it"));
    }
}
