package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.util.Map;

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

/**
 * Cards are saved in the client's form or on Stripe's page, whether an event, a page or a check brings the news, and once
 * however often it comes.
 */
@ServiceTest
class SavingCardsTest {

    private static final String METHODS = Cards.METHODS;

    private static final String UNHEARD = """
            {"webhooks": [{"match": {"type": "setup_intent.*"}, "do": "drop"}, {"match": {"type": "payment_method.*"}, "do": "drop"},
                          {"match": {"type": "checkout.session.*"}, "do": "drop"}, {"match": {"type": "customer.*"}, "do": "drop"}],
             "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "error", "status": 500}]}""";

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
    void savesACardInTheClientsForm() {
        JsonPath setup = begun("elements");
        assertThat(setup.getString("checkoutUrl")).isNull();

        Cards.confirmed(setup, "pm_card_visa");

        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("4242")).body("type", contains("card"))
                .body("expiring", contains(false)).body("expired", contains(false)));
        outcome(setup).body("status", equalTo("succeeded")).body("paymentMethodId", notNullValue())
                .body("failureCode", nullValue());
    }

    @Test
    void savesACardOnStripesPageAndThanksItsVisitor() {
        JsonPath setup = begun("checkout");
        assertThat(setup.getString("clientSecret")).isNull();
        StripeSandbox.faults(UNHEARD);

        StripeSandbox.payCheckout(setup.getString("checkoutUrl"), "pm_card_visa").statusCode(200);

        String page = setup.getString("checkoutUrl").replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1");
        given().queryParam("visit", page).get("/checkout/saved").then().statusCode(200).body(containsString("is saved"));
        alice.gets(METHODS).body("last4", contains("4242")).body("isDefault", contains(true));
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void tellsNobodyAboutAPageThatIsNotOurs() {
        given().queryParam("visit", "cs_test_others").get("/checkout/saved").then().statusCode(200)
                .body(containsString("One moment"));
        given().get("/checkout/saved").then().statusCode(200).body(containsString("One moment"));
    }

    @Test
    void concludesByACheckWhenEveryEventIsLost() {
        JsonPath setup = begun("elements");
        StripeSandbox.faults(UNHEARD);
        Cards.confirmed(setup, "pm_card_visa");

        outcome(setup).body("status", equalTo("succeeded")).body("paymentMethodId", notNullValue());

        alice.gets(METHODS).body("isDefault", contains(true));
        assertThat(StripeSandbox.request().get("/v1/payment_methods/" + Cards.attached(alice).get(0)).then().extract()
                .<String> path("allow_redisplay")).isEqualTo("always");
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void asksTheBankAndSaysWhatItAnswered() {
        JsonPath refused = begun("elements");
        Cards.confirmed(refused, "pm_card_authenticationRequired");
        outcome(refused).body("status", equalTo("open"));
        Cards.answered(refused, false);
        soon().untilAsserted(() -> outcome(refused).body("status", equalTo("failed"))
                .body("failureCode", equalTo("setup_intent_authentication_failure")));

        Cards.confirmed(refused, "pm_card_authenticationRequired");
        Cards.answered(refused, true);

        soon().untilAsserted(() -> outcome(refused).body("status", equalTo("succeeded")).body("failureCode", nullValue()));
    }

    @Test
    void saysThatACardWasRefused() {
        JsonPath setup = begun("elements");
        StripeSandbox.request().formParam("payment_method", "pm_card_visa_chargeDeclined")
                .post("/v1/setup_intents/" + Cards.intent(setup) + "/confirm").then().statusCode(402);

        soon().untilAsserted(
                () -> outcome(setup).body("status", equalTo("failed")).body("failureCode", equalTo("card_declined")));
        alice.gets(METHODS).body("$", hasSize(0));
        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select 1 from card_declines where user_id = ?::uuid and fingerprint is not null", alice.id())).hasSize(1));
    }

    @Test
    void showsACardOnceHoweverOftenItWasSaved() {
        save("pm_card_visa");
        save("pm_card_visa");
        save("pm_card_mastercard");
        save("pm_card_visa");

        soon().untilAsserted(() -> assertThat(Cards.attached(alice)).hasSize(4));
        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("4242", "4444")).body("isDefault",
                contains(true, false)));
    }

    @Test
    void changesTheDefaultAtStripe() {
        save("pm_card_visa");
        save("pm_card_mastercard");
        String other = idOf("4444");

        alice.puts(METHODS + "/" + other + "/default", Map.of()).statusCode(200).body("isDefault", equalTo(true))
                .body("last4", equalTo("4444"));

        alice.gets(METHODS).body("isDefault", contains(true, false));
        alice.gets("/v1/me").body("defaultPaymentMethodId", equalTo(other));
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void followsADefaultThatWasChangedInTheDashboard() {
        save("pm_card_visa");
        save("pm_card_mastercard");
        String other = Cards.stripeIdOf(alice, "4444");

        StripeSandbox.request().formParam("invoice_settings[default_payment_method]", other)
                .post("/v1/customers/" + Cards.customerOf(alice))
                .then().statusCode(200);

        soon().untilAsserted(() -> alice.gets(METHODS).body("isDefault", contains(true, false)));
    }

    @Test
    void removesAllOfACardAndNamesTheNextDefault() {
        save("pm_card_visa");
        save("pm_card_mastercard");
        save("pm_card_visa");
        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("4242", "4444")));
        String removed = idOf("4242");

        alice.deletes(METHODS + "/" + removed).statusCode(200).body("newDefault.last4", equalTo("4444"))
                .body("newDefault.isDefault", equalTo(true));

        alice.gets(METHODS).body("last4", contains("4444")).body("isDefault", contains(true));
        Cards.assertAgreesWithStripe(alice);
        alice.deletes(METHODS + "/" + removed).statusCode(404);
        alice.deletes(METHODS + "/" + idOf("4444")).statusCode(200).body("newDefault", nullValue());
        alice.gets(METHODS).body("$", hasSize(0));
    }

    @Test
    void keepsARemovalThatStripeCannotHearNow() {
        save("pm_card_visa");
        save("pm_card_mastercard");
        String removed = idOf("4242");
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "*detach"}, "do": "error", "status": 500}]}""");

        alice.deletes(METHODS + "/" + removed).statusCode(503);

        alice.gets(METHODS).body("last4", contains("4444"));
        StripeSandbox.noFaults();
        OwnerSql.run("update payment_methods set check_at = now() where id = ?::uuid", removed);
        jobs.runNow("payment-method-sync");
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void keepsADefaultThatStripeCannotHearNow() {
        save("pm_card_visa");
        save("pm_card_mastercard");
        String other = idOf("4444");
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/customers/*"}, "do": "error", "status": 500}]}""");

        alice.puts(METHODS + "/" + other + "/default", Map.of()).statusCode(503);
        alice.gets(METHODS).body("isDefault", contains(false, true));

        StripeSandbox.noFaults();
        // A run leaves a customer whose row an event has locked to the next run.
        soon().untilAsserted(() -> {
            jobs.runNow("customer-sync");
            alice.gets(METHODS).body("isDefault", contains(true, false));
        });
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void endsASetupThatNobodyFinished() {
        JsonPath form = begun("elements");
        JsonPath page = begun("checkout");
        OwnerSql.run("update payment_method_setups set check_at = now() where id in (?::uuid, ?::uuid)",
                form.getString("setupId"), page.getString("setupId"));

        jobs.runNow("payment-method-setups");

        outcome(form).body("status", equalTo("canceled"));
        outcome(page).body("status", equalTo("canceled"));
        StripeSandbox.request().get("/v1/setup_intents/" + Cards.intent(form)).then().body("status", equalTo("canceled"));
    }

    @Test
    void endsWithItsPage() {
        JsonPath setup = begun("checkout");
        String page = setup.getString("checkoutUrl").replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1");

        StripeSandbox.control("/sandbox/checkout/sessions/" + page + "/expire", Map.of()).statusCode(200);

        soon().untilAsserted(() -> assertThat(OwnerSql.rows("select status from payment_method_setups where id = ?::uuid",
                setup.getString("setupId"))).extracting(row -> row.get("status")).containsExactly("canceled"));
    }

    @Test
    void refusesWhatIsNotTheCallers() {
        save("pm_card_visa");
        String card = idOf("4242");
        JsonPath setup = begun("elements");
        Person bob = Person.called("bob");

        bob.puts(METHODS + "/" + card + "/default", Map.of()).statusCode(404);
        bob.deletes(METHODS + "/" + card).statusCode(404);
        bob.gets(METHODS + "/setup/" + setup.getString("setupId")).statusCode(404);
        alice.gets(METHODS).body("last4", contains("4242"));
    }

    @Test
    void refusesOddWishes() {
        alice.posts(METHODS + "/setup", Map.of("ui", "carrier pigeon")).statusCode(400);
        alice.posts(METHODS + "/setup", Map.of("ui", "checkout", "returnUrl", "https://evil.example/")).statusCode(422)
                .body("type", endsWith("return-url-not-allowed"));
        alice.posts(METHODS + "/setup", Map.of("ui", "elements", "returnUrl", "nowhere")).statusCode(400);
        alice.puts(METHODS + "/" + alice.id() + "/default", Map.of()).statusCode(404);
    }

    private JsonPath begun(String ui) {
        return Cards.begun(alice, ui);
    }

    private ValidatableResponse outcome(JsonPath setup) {
        return Cards.outcome(alice, setup);
    }

    private void save(String card) {
        Cards.saved(alice, card);
    }

    private String idOf(String last4) {
        return Cards.idOf(alice, last4);
    }
}
