package io.coachpay.journey;

import static io.coachpay.journey.Cards.METHODS;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.path.json.JsonPath;

/** A setup goes on however often it is begun, and a card that the bank renewed is seen and paid with as it is now. */
@ServiceTest
class KeptCardsTest {

    @ConfigProperty(name = "coachpay.public-url")
    String address;
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

    // ---- one line for a card

    @Test
    void showsARenewedCardInsteadOfItsExpiredTwin() {
        Cards.saved(alice, "pm_card_mastercard");
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_visa");
        List<String> visas = attached("4242");
        expire(visas.get(1));

        alice.gets(METHODS).body("find { it.last4 == '4242' }.expired", equalTo(false))
                .body("find { it.last4 == '4242' }.id", equalTo(visas.get(0)))
                .body("find { it.last4 == '4242' }.isDefault", equalTo(false));
    }

    @Test
    void showsAndPaysWithTheGoodTwinOfAnExpiredDefault() {
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_visa");
        List<String> visas = attached("4242");
        expire(visas.get(0));

        alice.gets(METHODS).body("id", contains(visas.get(0))).body("isDefault", contains(true))
                .body("expired", contains(false));
        alice.gets("/v1/me").body("defaultPaymentMethodId", equalTo(visas.get(0)));
        String session = Marketplace.booked(alice, Marketplace.coach("carol", "100.00", "USD"), Marketplace.freeTime(), 60);
        String payment = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card")).extract()
                .path("transactionId");

        assertThat(OwnerSql.rows("""
                select m.id::text as id from transactions t join payment_methods m using (stripe_payment_method_id)
                 where t.id = ?::uuid""", payment)).extracting(row -> row.get("id")).containsExactly(visas.get(1));
    }

    // ---- one setup

    @Test
    void goesOnWithTheFormOrPageThatIsOpen() {
        JsonPath form = Cards.begun(alice, "elements");
        JsonPath page = Cards.begun(alice, "checkout");

        assertThat(Cards.begun(alice, "elements").<Object> get()).isEqualTo(form.get());
        assertThat(Cards.begun(alice, "checkout").<Object> get()).isEqualTo(page.get());
        assertThat(page.getString("setupId")).isNotEqualTo(form.getString("setupId"));
    }

    @Test
    void countsNoRetryOfARefusedCardAsAnotherSetup() {
        JsonPath form = Cards.begun(alice, "elements");
        for (int i = 0; i < 6; i++) {
            StripeSandbox.request().formParam("payment_method", "pm_card_visa_chargeDeclined")
                    .post("/v1/setup_intents/" + Cards.intent(form) + "/confirm").then().statusCode(402);
            Cards.outcome(alice, form).body("status", equalTo("failed"));
            assertThat(Cards.begun(alice, "elements").getString("setupId")).isEqualTo(form.getString("setupId"));
        }

        Cards.confirmed(form, "pm_card_visa");

        Cards.outcome(alice, form).body("status", equalTo("succeeded"));
        assertThat(Cards.begun(alice, "elements").getString("setupId")).isNotEqualTo(form.getString("setupId"));
    }

    @Test
    void opensOneSetupForManyRequestsAtOnce() {
        List<Integer> answers = AtOnce.all(IntStream.range(0, 8).<Callable<Integer>> mapToObj(
                i -> () -> alice.posts(METHODS + "/setup", Map.of("ui", "elements")).extract().statusCode()).toList());

        assertThat(answers).containsOnly(201);
        assertThat(OwnerSql.rows("select 1 from payment_method_setups where user_id = ?::uuid", alice.id())).hasSize(1);
    }

    @Test
    void beginsAnotherWhereTheOpenOneIsOverAtStripe() {
        JsonPath page = Cards.begun(alice, "checkout");
        JsonPath form = Cards.begun(alice, "elements");
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "*"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "error", "status": 500}]}""");
        String id = page.getString("checkoutUrl").replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1");
        StripeSandbox.control("/sandbox/checkout/sessions/" + id + "/expire", Map.of()).statusCode(200);
        Cards.confirmed(form, "pm_card_visa");

        JsonPath nextPage = Cards.begun(alice, "checkout");
        JsonPath nextForm = Cards.begun(alice, "elements");

        assertThat(nextPage.getString("setupId")).isNotEqualTo(page.getString("setupId"));
        assertThat(nextPage.getString("checkoutUrl")).isNotNull();
        assertThat(nextForm.getString("setupId")).isNotEqualTo(form.getString("setupId"));
        assertThat(nextForm.getString("clientSecret")).isNotNull();
        Cards.outcome(alice, page).body("status", equalTo("canceled"));
        Cards.outcome(alice, form).body("status", equalTo("succeeded"));
    }

    @Test
    void beginsAnotherPageForAnotherReturn() {
        JsonPath page = Cards.begun(alice, "checkout");

        String other = alice.posts(METHODS + "/setup", Map.of("ui", "checkout", "returnUrl", address + "/cards"))
                .statusCode(201).extract().path("setupId");

        assertThat(other).isNotEqualTo(page.getString("setupId"));
    }

    // ---- what can be saved

    @Test
    void offersWhatPaymentsTakeAlone() {
        JsonPath form = Cards.begun(alice, "elements");
        Cards.begun(alice, "checkout");

        StripeSandbox.request().get("/v1/setup_intents/" + Cards.intent(form)).then()
                .body("payment_method_types", contains("card"))
                .body("excluded_payment_method_types", hasItem("us_bank_account"));
        StripeSandbox.request().queryParam("customer", Cards.customerOf(alice)).get("/v1/setup_intents").then()
                .body("data.payment_method_types", contains(List.of("card"), List.of("card")));
    }

    @Test
    void endsASetupThatStripeWorksOnForever() {
        JsonPath form = Cards.begun(alice, "elements");
        StripeSandbox.control("/sandbox/setup_intents/" + Cards.intent(form) + "/process", Map.of()).statusCode(200);
        due(form, "2 days");
        jobs.runNow("payment-method-setups");
        Cards.outcome(alice, form).body("status", equalTo("open"));

        due(form, "8 days");
        jobs.runNow("payment-method-setups");

        Cards.outcome(alice, form).body("status", equalTo("canceled"));
    }

    @Test
    void keepsAsManyMethodsAsStripeDoes() {
        OwnerSql.run("""
                insert into payment_methods (id, user_id, stripe_payment_method_id, type)
                select gen_random_uuid(), ?::uuid, 'pm_' || n || replace(?, '-', ''), 'card' from generate_series(1, 400) n""",
                alice.id(), alice.id());

        alice.posts(METHODS + "/setup", Map.of("ui", "elements")).statusCode(409)
                .body("type", endsWith("too-many-payment-methods")).body("most", equalTo(400));
    }

    private void due(JsonPath setup, String age) {
        OwnerSql.run("""
                update payment_method_setups set check_at = created_at, created_at = created_at - ?::interval
                 where id = ?::uuid""", age, setup.getString("setupId"));
    }

    /** Our ids of a card's forms, in the order in which they were saved. */
    private List<String> attached(String last4) {
        soon().until(() -> ids(last4).size() == 2);
        return ids(last4);
    }

    private List<String> ids(String last4) {
        return OwnerSql.rows("""
                select id::text as id from payment_methods where user_id = ?::uuid and last4 = ? order by id""", alice.id(),
                last4).stream().map(row -> String.valueOf(row.get("id"))).toList();
    }

    private static void expire(String method) {
        OwnerSql.run("update payment_methods set expiry_year = 2020 where id = ?::uuid", method);
    }
}
