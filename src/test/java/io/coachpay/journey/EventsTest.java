package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** Events come twice, late, in another order or in another version: each fact is booked once, and the story ends the same. */
@ServiceTest
class EventsTest {

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

    @ParameterizedTest
    @ValueSource(strings = {
            "\"do\": \"duplicate\", \"count\": 20",
            "\"do\": \"reorder\", \"count\": 3, \"millis\": 700",
            "\"do\": \"delay\", \"millis\": 600, \"probability\": 0.5",
            "\"do\": \"older_version\"",
            "\"do\": \"newer_version\"" })
    void endsTheSameWhenEvents(String how) {
        StripeSandbox.faults("{\"seed\": 7, \"webhooks\": [{\"match\": {\"kind\": \"platform\"}, %s}]}".formatted(how));

        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200)
                .extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa_chargeDeclined");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        assertThat(Books.journals(session, "session_paid")).isEqualTo(1);
        StripeSandbox.advance(Duration.ofDays(3));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("80.00")));
        assertThat(Books.journals(session, "funds_available")).isEqualTo(1);
        Books.closeFor(carol);
    }

    @Test
    void findsInStripesListWhatNoWebhookBrought() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {}, "do": "drop"}]}""");
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200)
                .extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        StripeSandbox.advance(Duration.ofDays(3));
        StripeSandbox.noFaults();

        Marketplace.hearsOfAll();

        isSoon(alice, session, "confirmed", "paid");
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("80.00")));
        Books.closeFor(carol);
    }

    @Test
    void booksOnceWhatIsToldTwentyTimesAtOnce() {
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200)
                .extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");

        String intent = secret.replaceAll("_secret_.*", "");
        String event = StripeSandbox.request().queryParam("type", "payment_intent.succeeded").get("/v1/events").then().extract()
                .jsonPath().param("intent", intent).getString("data.find { it.data.object.id == intent }.id");
        StripeSandbox.control("/sandbox/events/" + event + "/resend", Map.of("count", 20)).statusCode(200);

        soon().untilAsserted(() -> assertThat(Books.journals(session, "session_paid")).isEqualTo(1));
        assertThat(Books.texts("select event_id from stripe_events where event_id = '" + event + "'")).hasSize(1);
        Books.closeFor(carol);
    }

    @Test
    void paysWithASavedCardAndTellsWhyOneIsRefused() {
        String customer = customer();
        StripeSandbox.saveCard(customer, "pm_card_chargeCustomerFail");
        StripeSandbox.saveCard(customer, "pm_card_mastercard");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("", hasSize(2)));
        String good = alice.gets("/v1/me/payment-methods").extract().path("find { it.brand == 'mastercard' }.id");
        String bad = alice.gets("/v1/me/payment-methods").extract().path("find { it.brand == 'visa' }.id");

        paysWith(bad).statusCode(402).body("type", equalTo("urn:coachpay:problem:card-declined"))
                .body("code", equalTo("card_declined")).body("declineCode", equalTo("generic_decline"));
        isSoon(alice, session, "pending_payment", "failed");
        paysWith(good).statusCode(anyOf(is(202), is(200))).body("status", anyOf(equalTo("processing"), equalTo("completed")));

        isSoon(alice, session, "confirmed", "paid");
        assertThat(Books.journals(session, "session_paid")).isEqualTo(1);
        Books.closeFor(carol);
    }

    @Test
    void takesALateRefusalForThatOfTheCardBefore() {
        String customer = customer();
        StripeSandbox.saveCard(customer, "pm_card_chargeCustomerFail");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("", hasSize(1)));
        String refused = alice.gets("/v1/me/payment-methods").extract().path("[0].id");
        StripeSandbox.saveCard(customer, "pm_card_authenticationRequired");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("", hasSize(2)));
        String asking = alice.gets("/v1/me/payment-methods").extract().path("id.find { it != '" + refused + "' }");
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "payment_intent.payment_failed"}, "do": "delay", "millis": 3000}]}""");

        paysWith(refused).statusCode(402);
        paysWith(asking).statusCode(anyOf(is(202), is(200)));

        soon().until(() -> !OwnerSql.rows("""
                select 1 from stripe_events e join transactions t on e.payload like '%' || t.stripe_payment_intent_id || '%'
                 where t.session_id = ?::uuid and e.type = 'payment_intent.payment_failed' and e.status = 'processed'""",
                session).isEmpty());
        alice.gets("/v1/sessions/" + session).body("paymentStatus", equalTo("pending"));
    }

    @Test
    void knowsNobodyElsesCard() {
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card")).statusCode(422)
                .body("type", equalTo("urn:coachpay:problem:payment-method-unknown"));
    }

    private ValidatableResponse paysWith(String card) {
        return alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card", "paymentMethodId", card));
    }

    private String customer() {
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200);
        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(204);
        return alice.gets("/v1/me").extract().path("stripeCustomerId");
    }
}
