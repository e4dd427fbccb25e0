package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.response.ValidatableResponse;

/** Stripe fails, before the effect, after it, or without an answer: there is one charge in the end, and the payer sees it. */
@ServiceTest
class AwayTest {

    /** The effect takes place, and then Stripe is gone. */
    private static final String LOST = """
            {"requests": [{"match": {"method": "POST", "path": "/v1/payment_intents"}, "do": "lost_answer", "times": 1},
                          {"match": {"path": "/v1/payment_intents*"}, "do": "refuse", "times": 60}]}""";

    @Inject
    Jobs jobs;

    private Person carol;
    private Person alice;
    private String session;

    @BeforeEach
    void book() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        alice = Person.called("alice");
        session = booked(alice, carol, freeTime(), 60);
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void goesOnAfterAnErrorWithoutEffect() {
        payerIsToldWhen("500_before", "/v1/payment_intents");

        paysWithOneCharge();
    }

    @Test
    void findsWhatAnErrorHidItself() {
        StripeSandbox.faults(plan("500_after", "/v1/payment_intents", 60));

        paysWithOneCharge();
    }

    @Test
    void repeatsByItselfWhatWasLostOnce() {
        StripeSandbox.faults(plan("lost_answer", "/v1/payment_intents", 1));

        paysWithOneCharge();
    }

    @Test
    void goesOnAfterALostAnswerAndSilence() {
        StripeSandbox.faults(LOST);
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(503);
        StripeSandbox.noFaults();

        paysWithOneCharge();
    }

    @Test
    void opensThePageAfterAllWhenItsAnswerWasAnError() {
        StripeSandbox.faults(plan("500_after", "/v1/checkout/sessions", 60));
        String page = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout"))
                .statusCode(200).body("checkoutUrl", notNullValue()).extract().path("checkoutUrl");
        StripeSandbox.noFaults();

        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        hasOneCharge();
    }

    @Test
    void finishesWhatASavedCardBegan() {
        String card = savedCard("pm_card_visa");
        StripeSandbox.faults(LOST);
        paysWith(card).statusCode(503);
        StripeSandbox.noFaults();

        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payment-check");

        isSoon(alice, session, "confirmed", "paid");
        hasOneCharge();
    }

    @Test
    void chargesNoSavedCardWhoseOwnerGaveUp() {
        String card = savedCard("pm_card_visa");
        StripeSandbox.faults(plan("refuse", "/v1/payment_intents", 200));
        paysWith(card).statusCode(503);
        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(503)
                .body("type", equalTo("urn:coachpay:problem:stripe-away")).body("retry", equalTo(true));
        StripeSandbox.noFaults();

        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(204);
        StripeSandbox.advance(Duration.ofMinutes(20));
        jobs.runNow("payment-check");

        String customer = alice.gets("/v1/me").extract().path("stripeCustomerId");
        StripeSandbox.request().queryParam("customer", customer).get("/v1/charges").then().body("data", hasSize(0));
        paysWithOneCharge();
    }

    @Test
    void tellsWhoGivesUpThatTheCardWasCharged() {
        String card = savedCard("pm_card_visa");
        StripeSandbox
                .faults("""
                        {"requests": [{"match": {"method": "POST", "path": "/v1/payment_intents/*/confirm"}, "do": "lost_answer", "times": 1},
                                      {"match": {"path": "/v1/payment_intents/*"}, "do": "refuse", "times": 60}]}""");
        paysWith(card).statusCode(503);
        StripeSandbox.noFaults();

        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:already-paid"));

        isSoon(alice, session, "confirmed", "paid");
        hasOneCharge();
    }

    @Test
    void chargesTheCardChosenLast() {
        String first = savedCard("pm_card_chargeCustomerFail");
        StripeSandbox.faults(plan("refuse", "/v1/payment_intents", 60));
        paysWith(first).statusCode(503);
        StripeSandbox.noFaults();
        String second = savedCard("pm_card_visa");

        paysWith(second).statusCode(oneOf(200, 202));

        isSoon(alice, session, "confirmed", "paid");
        hasOneCharge();
    }

    @Test
    void concludesASavedCardsPaymentThatNoEventTellsOf() {
        String card = savedCard("pm_card_visa");
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"kind": "platform"}, "do": "drop"}]}""");
        paysWith(card).statusCode(202);
        StripeSandbox.noFaults();

        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payment-check");

        isSoon(alice, session, "confirmed", "paid");
        hasOneCharge();
    }

    @Test
    void chargesNoCardWhoseOwnerPaysAnotherWay() {
        String card = savedCard("pm_card_visa");
        StripeSandbox.faults(LOST);
        paysWith(card).statusCode(503);
        StripeSandbox.noFaults();

        paysWithOneCharge();
    }

    @Test
    void asksStripeWhenNoEventComes() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"kind": "platform"}, "do": "drop"}]}""");
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        StripeSandbox.noFaults();

        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payment-check");

        isSoon(alice, session, "confirmed", "paid");
        hasOneCharge();
    }

    private void payerIsToldWhen(String fault, String path) {
        StripeSandbox.faults(plan(fault, path, 60));
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(503)
                .body("type", equalTo("urn:coachpay:problem:stripe-away")).body("retry", equalTo(true));
        StripeSandbox.noFaults();
    }

    private ValidatableResponse paysWith(String card) {
        return alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card", "paymentMethodId", card));
    }

    private void paysWithOneCharge() {
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).body("clientSecret", notNullValue()).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");
        hasOneCharge();
    }

    private void hasOneCharge() {
        String customer = alice.gets("/v1/me").extract().path("stripeCustomerId");
        StripeSandbox.request().queryParam("customer", customer).get("/v1/charges").then().statusCode(200)
                .body("data", hasSize(1));
        StripeSandbox.request().queryParam("customer", customer).get("/v1/payment_intents").then()
                .body("data.findAll { it.status != 'canceled' }", hasSize(1));
        assertThat(Books.journals(session, "session_paid")).isEqualTo(1);
        // A payment that no event reported is looked for when it is no longer young.
        StripeSandbox.advance(Duration.ofMinutes(20));
        Books.closeFor(carol);
    }

    private String savedCard(String card) {
        String other = booked(alice, carol, freeTime(), 60);
        alice.posts("/v1/sessions/" + other + "/payment", Map.of("method", "payment_intent")).statusCode(200);
        alice.deletes("/v1/sessions/" + other + "/payment").statusCode(204);
        String customer = alice.gets("/v1/me").extract().path("stripeCustomerId");
        List<String> before = savedCards();
        StripeSandbox.saveCard(customer, card);
        soon().untilAsserted(() -> assertThat(savedCards()).hasSize(before.size() + 1));
        return savedCards().stream().filter(id -> !before.contains(id)).findAny().orElseThrow();
    }

    private List<String> savedCards() {
        return alice.gets("/v1/me/payment-methods").extract().path("id");
    }

    private static String plan(String fault, String path, int times) {
        return """
                {"requests": [{"match": {"method": "POST", "path": "%s"}, "do": "%s", "times": %d}]}""".formatted(path, fault,
                times);
    }
}
