package io.coachpay.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.journey.Marketplace;
import io.restassured.response.ValidatableResponse;

/** Answers with a secret are stored without it, and complete again when they are replayed. */
@ServiceTest
class SecretReplayTest {

    private static Person carol;

    private Person alice;
    private String key;

    @BeforeEach
    void meet() {
        if (carol == null) {
            carol = Marketplace.coach("carol", "100.00", "USD");
        }
        alice = Person.called("alice");
        key = UUID.randomUUID().toString();
    }

    @AfterEach
    void calm() {
        StripeSandbox.noFaults();
    }

    @Test
    void showsTheClientSecretAgain() {
        String session = booked();

        ValidatableResponse first = pay(session, "payment_intent").statusCode(200);
        String secret = first.body("clientSecret", notNullValue()).extract().path("clientSecret");
        String transaction = first.extract().path("transactionId");

        assertThat(stored()).doesNotContain(secret).doesNotContain("_secret_").contains(transaction);
        pay(session, "payment_intent").statusCode(200).header("Idempotent-Replayed", equalTo("true"))
                .body("clientSecret", equalTo(secret)).body("transactionId", equalTo(transaction));
    }

    @Test
    void showsThePaymentPageAgain() {
        String session = booked();

        String url = pay(session, "checkout").statusCode(200).extract().path("checkoutUrl");

        assertThat(stored()).doesNotContain(url).doesNotContain("cs_test");
        pay(session, "checkout").statusCode(200).header("Idempotent-Replayed", equalTo("true"))
                .body("checkoutUrl", equalTo(url));
    }

    @Test
    void showsASetupAgain() {
        ValidatableResponse first = setUp("elements").statusCode(201);
        String secret = first.body("clientSecret", notNullValue()).extract().path("clientSecret");
        String setup = first.extract().path("setupId");

        assertThat(stored()).doesNotContain(secret).doesNotContain("_secret_").contains(setup);
        setUp("elements").statusCode(201).header("Idempotent-Replayed", equalTo("true")).body("clientSecret", equalTo(secret))
                .body("setupId", equalTo(setup));
    }

    @Test
    void showsThePageOfASetupAgain() {
        String url = setUp("checkout").statusCode(201).extract().path("checkoutUrl");

        assertThat(stored()).doesNotContain(url).doesNotContain("cs_test");
        setUp("checkout").statusCode(201).header("Idempotent-Replayed", equalTo("true")).body("checkoutUrl", equalTo(url));
    }

    private ValidatableResponse setUp(String ui) {
        return alice.asks().header("Idempotency-Key", key).body(Map.of("ui", ui)).post("/v1/me/payment-methods/setup").then();
    }

    @Test
    void tellsHowThePaymentEndedMeanwhile() {
        String session = booked();
        String secret = pay(session, "payment_intent").statusCode(200).extract().path("clientSecret");

        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        Marketplace.isSoon(alice, session, "confirmed", "paid");

        pay(session, "payment_intent").statusCode(200).header("Idempotent-Replayed", equalTo("true"))
                .body("status", equalTo("completed")).body("clientSecret", nullValue());
    }

    @Test
    void makesAnotherOnboardingLink() {
        Person dave = Person.called("dave");
        dave.puts("/v1/me/coach-profile", Map.of("hourlyRate", Map.of("amount", "100.00", "currency", "USD"))).statusCode(200);
        dave.posts("/v1/me/connected-account", Map.of("country", "US", "businessType", "individual")).statusCode(201);

        String first = posts(dave, "/v1/me/connected-account/onboarding-link").statusCode(200).extract().path("url");
        String second = posts(dave, "/v1/me/connected-account/onboarding-link").statusCode(200)
                .header("Idempotent-Replayed", equalTo("true")).extract().path("url");

        assertThat(second).isNotEqualTo(first).startsWith("http");
        assertThat(stored()).doesNotContain("http");
    }

    @Test
    void keepsNoSecretOfEmbeddedComponents() {
        String secret = posts(carol, "/v1/me/connected-account/account-session").statusCode(200).extract().path("clientSecret");

        assertThat(secret).isNotBlank();
        assertThat(stored()).doesNotContain(secret);
        posts(carol, "/v1/me/connected-account/account-session").statusCode(200).body("clientSecret", notNullValue());
    }

    @Test
    void keepsNoFailureOfOurs() {
        String session = booked();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payment_intents*"}, "do": "500_before"}]}""");

        Problem.is(pay(session, "payment_intent"), 503, "stripe-away").header("Retry-After", notNullValue());
        assertThat(OwnerSql.rows("select id from idempotency_keys where key = ? and response_status is not null", key))
                .isEmpty();
        StripeSandbox.noFaults();

        pay(session, "payment_intent").statusCode(200).header("Idempotent-Replayed", nullValue())
                .body("clientSecret", notNullValue());
    }

    private String booked() {
        return Marketplace.booked(alice, carol, Marketplace.freeTime(), 60);
    }

    private String stored() {
        return OwnerSql.rows("select to_jsonb(k)::text as row from idempotency_keys k where key = ?", key).get(0).get("row")
                .toString();
    }

    private ValidatableResponse pay(String session, String method) {
        return alice.asks().header("Idempotency-Key", key).body(Map.of("method", method))
                .post("/v1/sessions/" + session + "/payment").then();
    }

    private ValidatableResponse posts(Person person, String path) {
        return person.asks().header("Idempotency-Key", key).post(path).then();
    }
}
