package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.util.Map;

import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.Webhook;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;

/** Saved cards: the bank's question leads back to a page that knows the answer, and a removed card stays removed. */
@ServiceTest
class SavedCardTest {

    private static final String NO_WORD_OF_PAYMENTS = """
            {"webhooks": [{"match": {"type": "payment_intent.*"}, "do": "drop"}, {"match": {"type": "charge.*"}, "do": "drop"}]}""";

    private Person alice;
    private String session;
    private String customer;

    @BeforeEach
    void book() {
        alice = Person.called("alice");
        session = booked(alice, Marketplace.coach("carol", "100.00", "USD"), freeTime(), 60);
        alice.posts(payment(), Map.of("method", "payment_intent")).statusCode(200);
        alice.deletes(payment()).statusCode(204);
        customer = alice.gets("/v1/me").extract().path("stripeCustomerId");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void comesBackFromTheBankToAPageThatSaysThatItIsPaid() {
        JsonObject intent = asksTheBank();
        StripeSandbox.faults(NO_WORD_OF_PAYMENTS);
        answers(intent, true);

        comesBack(intent.getString("id"), "pi_another_secret_guessed").body(containsString("One moment"));
        comesBack(intent.getString("id"), intent.getString("client_secret")).body(containsString("Your payment has arrived"));

        isSoon(alice, session, "confirmed", "paid");
    }

    @Test
    void comesBackFromTheBankToAPageThatSaysThatItIsNot() {
        JsonObject intent = asksTheBank();
        StripeSandbox.faults(NO_WORD_OF_PAYMENTS);
        answers(intent, false);

        comesBack(intent.getString("id"), intent.getString("client_secret")).body(containsString("Not paid"));

        isSoon(alice, session, "pending_payment", "failed");
    }

    @Test
    void tellsNobodyAboutAPaymentThatIsNotOurs() {
        JsonObject foreign = new JsonObject(StripeSandbox.request().formParam("amount", "1000").formParam("currency", "usd")
                .post("/v1/payment_intents").then().statusCode(200).extract().asString());

        comesBack(foreign.getString("id"), foreign.getString("client_secret")).body(containsString("One moment"));
        comesBack("pi_none", "x").body(containsString("One moment"));
        given().get("/checkout/returned").then().statusCode(200).body(containsString("One moment"));
    }

    @Test
    void staysRemovedWhenOlderNewsOfItComeLate() {
        String card = StripeSandbox.saveCard(customer, "pm_card_visa");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("id", hasSize(1)));
        JsonObject attached = read(card);
        detach(card);
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("id", hasSize(0)));

        isHeard(Webhook.event("payment_method.attached", attached));

        alice.gets("/v1/me/payment-methods").body("id", hasSize(0));
        alice.posts(payment(), Map.of("method", "saved_card")).statusCode(422)
                .body("type", equalTo("urn:coachpay:problem:payment-method-unknown"));
    }

    @Test
    void staysRemovedWhenItsRemovalWasToldFirst() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "payment_method.attached"}, "do": "drop"}]}""");
        String card = StripeSandbox.saveCard(customer, "pm_card_visa");
        JsonObject attached = read(card);
        detach(card);
        soon().until(() -> !OwnerSql.rows("select 1 from payment_methods where stripe_payment_method_id = ?", card).isEmpty());

        isHeard(Webhook.event("payment_method.attached", attached));

        alice.gets("/v1/me/payment-methods").body("id", hasSize(0));
        assertThat(OwnerSql.rows("select 1 from payment_methods where stripe_payment_method_id = ? and last4 is null", card))
                .hasSize(1);
    }

    private String payment() {
        return "/v1/sessions/" + session + "/payment";
    }

    private JsonObject asksTheBank() {
        StripeSandbox.saveCard(customer, "pm_card_authenticationRequired");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("id", hasSize(1)));
        String secret = alice.posts(payment(), Map.of("method", "saved_card")).statusCode(200)
                .body("nextAction.type", equalTo("redirect_to_url")).extract().path("clientSecret");
        String intent = StripeSandbox.request().get("/v1/payment_intents/" + secret.replaceAll("_secret_.*", "")).then()
                .body("next_action.redirect_to_url.return_url", equalTo(
                        ConfigProvider.getConfig().getValue("coachpay.public-url", String.class) + "/checkout/returned"))
                .extract().asString();
        return new JsonObject(intent);
    }

    private static void answers(JsonObject intent, boolean success) {
        StripeSandbox.answersBank(intent.getString("id"), success);
    }

    private static ValidatableResponse comesBack(String intent, String secret) {
        return given().queryParam("payment_intent", intent).queryParam("payment_intent_client_secret", secret)
                .queryParam("redirect_status", "succeeded").get("/checkout/returned").then().statusCode(200);
    }

    private static JsonObject read(String card) {
        return new JsonObject(
                StripeSandbox.request().get("/v1/payment_methods/" + card).then().statusCode(200).extract().asString());
    }

    private static void detach(String card) {
        StripeSandbox.request().post("/v1/payment_methods/" + card + "/detach").then().statusCode(200);
    }

    private static void isHeard(JsonObject event) {
        Webhook.post(event).statusCode(200);
        soon().until(() -> !OwnerSql.rows("select 1 from stripe_events where event_id = ? and status = 'processed'",
                event.getString("id")).isEmpty());
    }
}
