package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.time.Instant;
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

/** A payment is given up only when Stripe has ended it, and a cancellation that Stripe refuses once is asked for again. */
@ServiceTest
class GivingUpTest {

    @Inject
    Jobs jobs;

    private Person carol;
    private Person alice;
    private Instant start;
    private String session;

    @BeforeEach
    void book() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        alice = Person.called("alice");
        start = freeTime();
        session = booked(alice, carol, start, 60);
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void saysThatAPaymentIsInProgressWhenStripeDoesNotEndIt() {
        String secret = secret();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payment_intents/*/cancel"}, "do": "error",
                               "code": "payment_intent_unexpected_state"}]}""");

        givesUp(409).body("type", equalTo("urn:coachpay:problem:payment-in-progress"));
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        givesUp(409).body("type", equalTo("urn:coachpay:problem:already-paid"));
    }

    @Test
    void givesUpWhatWasProcessingOnceItHasFailed() {
        String secret = secret();
        StripeSandbox.payIntent(secret, "pm_card_processing").statusCode(200);
        isSoon(alice, session, "pending_payment", "processing");
        givesUp(409).body("type", equalTo("urn:coachpay:problem:payment-in-progress"));

        StripeSandbox.control("/sandbox/payment_intents/" + intent(secret) + "/fail", Map.of()).statusCode(200);
        isSoon(alice, session, "pending_payment", "failed");
        givesUp(204);

        isSoon(alice, session, "pending_payment", "canceled");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(400);
        Books.closeFor(carol);
    }

    @Test
    void freesTheSlotOfWhatWasProcessingOnceItHasFailed() {
        String secret = secret();
        StripeSandbox.payIntent(secret, "pm_card_processing").statusCode(200);
        isSoon(alice, session, "pending_payment", "processing");
        StripeSandbox.advance(Duration.ofMinutes(32));
        jobs.runNow("hold-expiry");
        alice.gets("/v1/sessions/" + session).body("status", equalTo("pending_payment"));

        StripeSandbox.control("/sandbox/payment_intents/" + intent(secret) + "/fail", Map.of()).statusCode(200);
        expiresWithin(Duration.ofMinutes(40));

        booked(Person.called("bob"), carol, start, 60);
    }

    @Test
    void endsWithThePageWhateverItsIntentSays() {
        String page = page();
        StripeSandbox.payCheckout(page, "pm_card_visa_chargeDeclined").statusCode(402);
        isSoon(alice, session, "pending_payment", "failed");
        StripeSandbox.faults("""
                {"intents": [{}]}""");

        givesUp(204);

        isSoon(alice, session, "pending_payment", "canceled");
        alice.gets("/v1/sessions/" + session + "/payment").statusCode(404);
        StripeSandbox.advance(Duration.ofMinutes(32));
        expiresWithin(Duration.ofMinutes(10));
    }

    @Test
    void endsWithAPageThatWasLeftForABankThatRefused() {
        String page = page();
        String intent = StripeSandbox.payCheckout(page, "pm_card_processing").statusCode(200).extract().path("payment_intent");
        isSoon(alice, session, "pending_payment", "processing");

        StripeSandbox.control("/sandbox/payment_intents/" + intent + "/fail", Map.of()).statusCode(200);

        isSoon(alice, session, "pending_payment", "canceled");
        StripeSandbox.payIntent(secret(), "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");
        Books.closeFor(carol);
    }

    /** Lets time pass, in which the job that frees slots has its turns. */
    private void expiresWithin(Duration most) {
        for (Duration passed = Duration.ZERO; passed.compareTo(most) < 0; passed = passed.plusMinutes(5)) {
            jobs.runNow("hold-expiry");
            StripeSandbox.advance(Duration.ofMinutes(5));
        }
        jobs.runNow("hold-expiry");
        assertThat(alice.gets("/v1/sessions/" + session).extract().<String> path("status")).isEqualTo("expired");
    }

    private ValidatableResponse givesUp(int status) {
        return alice.deletes("/v1/sessions/" + session + "/payment").statusCode(status);
    }

    private String secret() {
        return Marketplace.clientSecret(alice, session);
    }

    private String page() {
        return Marketplace.page(alice, session);
    }

    private static String intent(String secret) {
        return secret.replaceAll("_secret_.*", "");
    }
}
