package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

class CheckoutTest extends SandboxTest {

    @Test
    void paysWithForm() {
        String account = stripe.onboardedAccount();
        JsonObject session = session(account).json();

        StripeClient.Reply page = page(session, null);
        StripeClient.Reply paid = page(session, "4242 4242 4242 4242");

        assertThat(session.getString("url")).startsWith(sandbox.uri() + "/c/pay/cs_test_");
        assertThat(session.getValue("payment_intent")).isNull();
        assertThat(page.response().body()).contains("125.00 USD", "1 × Coaching &lt;75 minutes&gt;", "sandbox");
        assertThat(paid.status()).isEqualTo(303);
        assertThat(paid.header("Location")).isEqualTo("http://localhost/done?session=" + session.getString("id"));
        JsonObject complete = stripe.get("/v1/checkout/sessions/" + session.getString("id") + "?expand[]=payment_intent")
                .json();
        assertThat(complete.getString("status")).isEqualTo("complete");
        assertThat(complete.getString("payment_status")).isEqualTo("paid");
        assertThat(complete.getJsonObject("customer_details").getString("email")).isEqualTo("alice@example.com");
        assertThat(complete.getJsonObject("payment_intent").getJsonObject("metadata").getString("coachpay_id")).isEqualTo("t1");
        assertThat(balance(account, "usd").getString("net")).isEqualTo("100.00");
        assertThat(page(session, null).status()).isEqualTo(303);
    }

    @Test
    void showsDeclinesOnThePageAndStaysOpen() {
        JsonObject session = session(stripe.onboardedAccount()).json();

        StripeClient.Reply declined = page(session, "4000 0000 0000 9995");
        StripeClient.Reply mistyped = page(session, "4242 4242 4242 4241");
        StripeClient.Reply paid = page(session, "4242424242424242");

        assertThat(declined.status()).isEqualTo(402);
        assertThat(declined.response().body()).contains("Your card has insufficient funds.");
        assertThat(mistyped.response().body()).contains("Your card number is incorrect.");
        assertThat(paid.status()).isEqualTo(303);
        assertThat(stripe.get("/v1/payment_intents").json().getJsonArray("data")).hasSize(1);
    }

    @Test
    void challengesTheHolder() {
        JsonObject session = session(stripe.onboardedAccount()).json();

        StripeClient.Reply asked = page(session, "4000002760003184");
        String challenge = java.net.URI.create(asked.header("Location")).getPath();
        StripeClient.Reply failed = form(challenge, "outcome=fail");
        StripeClient.Reply shown = page(session, null);
        page(session, "4000002760003184");
        form(challenge, "outcome=complete");

        assertThat(stripe.get(challenge).status()).isEqualTo(200);
        assertThat(failed.status()).isEqualTo(303);
        assertThat(shown.response().body()).contains("failed authentication");
        assertThat(stripe.get("/v1/checkout/sessions/" + session.getString("id")).json().getString("status"))
                .isEqualTo("complete");
    }

    @Test
    void expiresByTime() {
        JsonObject session = session(stripe.onboardedAccount()).json();
        String id = session.getString("id");
        stripe.control("POST", "/checkout/sessions/" + id + "/pay",
                new JsonObject().put("paymentMethod", "pm_card_visa_chargeDeclined"));

        stripe.advance(31 * 60 + 1);

        JsonObject expired = stripe.get("/v1/checkout/sessions/" + id + "?expand[]=payment_intent").json();
        assertThat(expired.getString("status")).isEqualTo("expired");
        assertThat(expired.getJsonObject("payment_intent").getString("status")).isEqualTo("canceled");
        assertThat(page(session, "4242424242424242").status()).isEqualTo(410);
        assertThat(stripe.control("POST", "/checkout/sessions/" + id + "/pay",
                new JsonObject().put("paymentMethod", "pm_card_visa")).status()).isEqualTo(400);
        assertThat(stripe.get("/v1/events?type=checkout.session.expired").json().getJsonArray("data")).hasSize(1);
    }

    @Test
    void refusesToExpireWhatIsPaid() {
        String id = session(stripe.onboardedAccount()).id();

        stripe.control("POST", "/checkout/sessions/" + id + "/pay", new JsonObject().put("paymentMethod", "pm_card_visa"));

        assertThat(stripe.post("/v1/checkout/sessions/" + id + "/expire").status()).isEqualTo(400);
    }

    @Test
    void refusesOtherEndsThanStripeAllows() {
        String account = stripe.onboardedAccount();

        assertThat(session(account, 29 * 60).error().getString("param")).isEqualTo("expires_at");
        assertThat(session(account, 25 * 60 * 60).error().getString("param")).isEqualTo("expires_at");
    }

    @Test
    void leavesAnIntentBehindWhenAPageExpiresIfPlanned() {
        stripe.control("PUT", "/faults",
                new JsonObject().put("intents", new JsonArray().add(new JsonObject().put("seconds", 60))));
        JsonObject session = session(stripe.onboardedAccount()).json();
        page(session, "4000 0000 0000 9995");
        String path = "/v1/checkout/sessions/" + session.getString("id");

        JsonObject expired = stripe.post(path + "/expire").json();
        String intent = "/v1/payment_intents/" + expired.getString("payment_intent");
        String left = stripe.get(intent).json().getString("status");
        stripe.advance(61);

        assertThat(expired.getString("status")).isEqualTo("expired");
        assertThat(left).isEqualTo("requires_payment_method");
        assertThat(stripe.get(intent).json().getString("status")).isEqualTo("canceled");
    }

    @Test
    void savesCardInSetupMode() {
        String customer = stripe.post("/v1/customers", "email", "alice@example.com").id();
        JsonObject session = stripe.post("/v1/checkout/sessions", "mode", "setup", "currency", "usd", "customer", customer,
                "success_url", "http://localhost/saved").json();

        StripeClient.Reply saved = page(session, "5555555555554444");

        assertThat(saved.status()).isEqualTo(303);
        JsonObject method = stripe.get("/v1/payment_methods?customer=" + customer).json().getJsonArray("data").getJsonObject(0);
        assertThat(method.getJsonObject("card").getString("brand")).isEqualTo("mastercard");
    }

    private StripeClient.Reply session(String account) {
        return session(account, 31 * 60);
    }

    private StripeClient.Reply session(String account, long seconds) {
        return stripe.post("/v1/checkout/sessions", "mode", "payment", "success_url",
                "http://localhost/done?session={CHECKOUT_SESSION_ID}", "cancel_url", "http://localhost/back", "expires_at",
                Instant.now().getEpochSecond() + seconds, "line_items[0][price_data][currency]", "usd",
                "line_items[0][price_data][unit_amount]", 12500, "line_items[0][price_data][product_data][name]",
                "Coaching <75 minutes>", "line_items[0][quantity]", 1, "payment_intent_data[application_fee_amount]", 2500,
                "payment_intent_data[transfer_data][destination]", account, "payment_intent_data[metadata][coachpay_id]", "t1");
    }

    private StripeClient.Reply page(JsonObject session, String number) {
        String path = "/c/pay/" + session.getString("id");
        return number == null ? stripe.get(path)
                : form(path, "email=alice%40example.com&name=Alice&number=" + number.replace(' ', '+')
                        + "&expiry=12+%2F+40&cvc=123");
    }

    private StripeClient.Reply form(String path, String form) {
        return stripe.send("POST", path, "application/x-www-form-urlencoded", form);
    }
}
