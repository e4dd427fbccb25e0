package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

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
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** Somebody who tries card after card is stopped, by whatever door. */
@ServiceTest
class CardLimitTest {

    private static final String SUBSCRIBE = "/v1/me/subscription/checkout";

    @Inject
    Jobs jobs;

    private Person alice;

    @BeforeEach
    void signIn() {
        alice = Person.called("alice");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void endsFormsAndPagesThatAreOpenOnceTheLimitIsFull() {
        JsonPath form = Cards.begun(alice, "elements");
        JsonPath page = Cards.begun(alice, "checkout");
        refusedByForm(form, 10);

        jobs.runNow("payment-method-setups");

        assertThat(OwnerSql.rows("select status from payment_method_setups where user_id = ?::uuid", alice.id()))
                .extracting(row -> row.get("status")).containsExactly("canceled", "canceled");
        StripeSandbox.request().get("/v1/setup_intents/" + Cards.intent(form)).then().body("status", equalTo("canceled"));
        Cards.outcome(alice, page).body("status", equalTo("canceled"));
    }

    @Test
    void leavesFormsOpenBelowTheLimit() {
        JsonPath form = Cards.begun(alice, "elements");
        refusedByForm(form, 9);

        jobs.runNow("payment-method-setups");

        Cards.outcome(alice, form).body("status", equalTo("failed"));
    }

    @Test
    void asksForEveryMethodThatCanBeDeclined() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String session = booked(alice, carol, freeTime(), 60);
        String buyable = Marketplace.offered("Pro", "30.00", "33");
        declined(10);

        for (String method : new String[] { "checkout", "payment_intent" }) {
            alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", method)).statusCode(429)
                    .body("type", endsWith("too-many-cards")).header("Retry-After", notNullValue());
        }
        alice.posts("/v1/credits/checkout", Map.of("packageId", buyable)).statusCode(429)
                .body("type", endsWith("too-many-cards"));
        alice.posts(SUBSCRIBE, Map.of("planId", Marketplace.plan(Map.of()))).statusCode(429)
                .body("type", endsWith("too-many-cards"));
        assertThat(OwnerSql.rows("select 1 from transactions where payer_id = ?::uuid", alice.id())).isEmpty();
    }

    @Test
    void doesNotShowAFormAgain() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String session = booked(alice, carol, freeTime(), 60);
        String payment = "/v1/sessions/" + session + "/payment";
        String buyable = Marketplace.offered("Pro", "30.00", "33");
        keyed("setup", Cards.METHODS + "/setup", Map.of("ui", "elements")).statusCode(201);
        keyed("payment", payment, Map.of("method", "payment_intent")).statusCode(200);
        keyed("credits", "/v1/credits/checkout", Map.of("packageId", buyable)).statusCode(201);
        Map<String, String> subscription = Map.of("planId", Marketplace.plan(Map.of()));
        keyed("subscription", SUBSCRIBE, subscription).statusCode(201);
        declined(10);

        keyed("setup", Cards.METHODS + "/setup", Map.of("ui", "elements")).statusCode(429);
        keyed("payment", payment, Map.of("method", "payment_intent")).statusCode(429);
        keyed("credits", "/v1/credits/checkout", Map.of("packageId", buyable)).statusCode(429);
        keyed("subscription", SUBSCRIBE, subscription).statusCode(429);
        alice.gets(payment).statusCode(429).body("type", endsWith("too-many-cards"));
    }

    @Test
    void stillShowsWhatBecameOfAPayment() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String payment = "/v1/sessions/" + booked(alice, carol, freeTime(), 60) + "/payment";
        String secret = keyed("payment", payment, Map.of("method", "payment_intent")).statusCode(200).extract()
                .path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> alice.gets(payment).body("status", equalTo("completed")));
        declined(10);

        keyed("payment", payment, Map.of("method", "payment_intent")).statusCode(200).body("status", equalTo("completed"));
    }

    @Test
    void tellsNoReasonLaterThatItDidNotTellAtOnce() {
        Cards.saved(alice, "pm_card_chargeCustomerFail");
        String session = booked(alice, Marketplace.coach("carol", "100.00", "USD"), freeTime(), 60);
        for (int i = 0; i < 5; i++) {
            alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card")).statusCode(402);
        }
        String payment = alice.gets("/v1/transactions").body("data[0].failureMessage", notNullValue()).extract()
                .path("data[0].id");

        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card")).statusCode(402)
                .body("declineCode", nullValue());

        alice.gets("/v1/transactions/" + payment).body("failureCode", equalTo("card_declined"))
                .body("failureMessage", nullValue());
        alice.gets("/v1/transactions").body("data[0].failureMessage", nullValue());
        Person.admin().gets("/v1/transactions/" + payment).body("failureMessage", notNullValue());
        OwnerSql.run("delete from card_declines where user_id = ?::uuid", alice.id());
        alice.gets("/v1/transactions/" + payment).body("failureMessage", nullValue());
    }

    @Test
    void tellsNoReasonOfTheSixthCardInAForm() {
        JsonPath form = Cards.begun(alice, "elements");
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "setup_intent.*"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "error", "status": 500}]}""");
        for (int i = 1; i <= 6; i++) {
            StripeSandbox.request().formParam("payment_method", "pm_card_visa_chargeDeclinedInsufficientFunds")
                    .post("/v1/setup_intents/" + Cards.intent(form) + "/confirm").then().statusCode(402);
            String message = Cards.outcome(alice, form).body("status", equalTo("failed"))
                    .body("failureCode", equalTo("card_declined")).extract().path("failureMessage");
            assertThat(message == null).as("after %d", i).isEqualTo(i > 5);
        }
    }

    /** Stripe makes the payment, so that nothing on it names us, and no invoice does before it is paid. */
    @Test
    void countsCardsThatAreRefusedOnThePageOfASubscription() {
        String page = alice.posts(SUBSCRIBE, Map.of("planId", Marketplace.plan(Map.of()))).statusCode(201).extract()
                .path("checkoutUrl");

        for (int i = 0; i < 2; i++) {
            StripeSandbox.payCheckout(page, "pm_card_visa_chargeDeclined").statusCode(402);
        }

        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select fingerprint from card_declines where user_id = ?::uuid and stripe_id ~ '^ch_'", alice.id())).hasSize(2)
                .allMatch(row -> row.get("fingerprint") != null));
        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> alice.gets("/v1/me/subscription").statusCode(200).body("status", equalTo("active")));
        assertThat(OwnerSql.rows("select 1 from card_declines where user_id = ?::uuid", alice.id())).hasSize(2);
    }

    @Test
    void endsThePageOfASubscriptionOnceTheLimitIsFull() {
        String page = alice.posts(SUBSCRIBE, Map.of("planId", Marketplace.plan(Map.of()))).statusCode(201).extract()
                .path("checkoutUrl");

        declined(10);

        soon().untilAsserted(() -> assertThat(begun().get("status")).isEqualTo("expired"));
        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(400);
    }

    /** Its owner has the client secret of its invoice, with which any card can be tried. */
    @Test
    void endsASubscriptionThatNobodyPaidOnceTheLimitIsFull() {
        Subscriber subscriber = new Subscriber();
        alice = subscriber.person();
        String card = subscriber.saves("pm_card_authenticationRequired");
        String secret = alice
                .posts("/v1/me/subscription", Map.of("planId", Marketplace.plan(Map.of()), "paymentMethodId", card))
                .statusCode(201).extract().path("nextAction.clientSecret");
        assertThat(begun().get("status")).isEqualTo("incomplete");

        declined(10);

        soon().untilAsserted(() -> assertThat(String.valueOf(begun().get("status"))).isIn("canceled", "incomplete_expired"));
        StripeSandbox.request().get("/v1/invoices/" + begun().get("latest_invoice")).then().body("status", equalTo("void"));
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(400);
    }

    private Map<String, ?> begun() {
        return OwnerSql.rows("select status, latest_invoice from subscriptions where user_id = ?::uuid", alice.id()).get(0);
    }

    private ValidatableResponse keyed(String key, String path, Map<String, ?> body) {
        return alice.asks().header("Idempotency-Key", key + alice.id()).body(body).post(path).then();
    }

    /** Tries refused cards in a form, and waits until they are counted. */
    private void refusedByForm(JsonPath form, int times) {
        for (int i = 0; i < times; i++) {
            StripeSandbox.request().formParam("payment_method", "pm_card_visa_chargeDeclined")
                    .post("/v1/setup_intents/" + Cards.intent(form) + "/confirm").then().statusCode(402);
        }
        soon().untilAsserted(() -> assertThat(OwnerSql.rows("select 1 from card_declines where user_id = ?::uuid", alice.id()))
                .hasSize(times));
    }

    private void declined(int times) {
        for (int i = 0; i < times; i++) {
            OwnerSql.run("""
                    insert into card_declines (id, user_id, stripe_id, created_at)
                    values (gen_random_uuid(), ?::uuid, ?, ?::timestamptz)""", alice.id(),
                    "ch_" + UUID.randomUUID().toString().replace("-", ""), StripeSandbox.now().toString());
        }
    }
}
