package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

class SubscriptionCheckoutTest extends BillingTest {

    @Test
    void makesTheSubscriptionAfterThePayment() {
        String session = open("subscription_data[metadata][coachpay_id]", "s1", "metadata[coachpay_id]", "s1").id();
        JsonObject before = session(session);
        pay(session, "pm_card_mastercard");
        JsonObject after = session(session);
        JsonObject subscription = subscription(after.getString("subscription"));
        JsonObject invoice = latestInvoice(subscription.getString("id"));
        JsonObject intent = stripe.get("/v1/payment_intents/" + intent(invoice)).json();

        assertThat(before.getLong("amount_total")).isEqualTo(1000);
        assertThat(before.getValue("subscription")).isNull();
        assertThat(after.getString("status")).isEqualTo("complete");
        assertThat(after.getString("payment_status")).isEqualTo("paid");
        assertThat(after.getValue("payment_intent")).isNull();
        assertThat(after.getString("invoice")).isEqualTo(invoice.getString("id"));
        assertThat(subscription.getString("status")).isEqualTo("active");
        assertThat(subscription.getJsonObject("metadata").getString("coachpay_id")).isEqualTo("s1");
        assertThat(invoice.getString("status")).isEqualTo("paid");
        assertThat(intent.getJsonObject("metadata")).isEmpty();
        String method = subscription.getString("default_payment_method");
        assertThat(stripe.get("/v1/payment_methods/" + method).json().getString("customer")).isEqualTo(customer);
        assertThat(stripe.get("/v1/payment_methods/" + method).json().getString("allow_redisplay")).isEqualTo("limited");
        assertThat(events("payment_intent.succeeded", "customer.subscription", "invoice.paid", "checkout"))
                .containsExactly("payment_intent.succeeded", "customer.subscription.created", "invoice.paid",
                        "checkout.session.completed");
        assertThat(list("/v1/invoices")).hasSize(1);
    }

    @Test
    void letsThePaymentBeKnownBeforeTheSubscriptionExistsIfPlanned() {
        String session = paidTenMinutesAhead();

        assertThat(events("payment_intent.succeeded")).hasSize(1);
        assertThat(session(session).getString("status")).isEqualTo("open");
        assertThat(list("/v1/subscriptions")).isEmpty();
        assertThat(list("/v1/invoice_payments")).isEmpty();
        assertThat(stripe.post("/v1/checkout/sessions/" + session + "/expire").status()).isEqualTo(400);

        stripe.advance(601);

        assertThat(session(session).getString("status")).isEqualTo("complete");
        assertThat(list("/v1/subscriptions")).hasSize(1);
        assertThat(list("/v1/payment_intents")).hasSize(1);
    }

    @Test
    void beginsWhatWasPaidWithACardThatIsGoneSince() {
        String session = paidTenMinutesAhead();
        String card = list("/v1/payment_intents").getJsonObject(0).getString("payment_method");

        assertThat(stripe.post("/v1/payment_methods/" + card + "/detach").status()).isEqualTo(200);
        stripe.advance(601);

        assertThat(session(session).getString("status")).isEqualTo("complete");
        JsonObject begun = list("/v1/subscriptions").getJsonObject(0);
        assertThat(begun.getString("status")).isEqualTo("active");
        assertThat(begun.getString("default_payment_method")).isNull();
    }

    @Test
    void beginsWhatWasPaidBeforeItsCustomerIsDeleted() {
        String session = paidTenMinutesAhead();

        assertThat(stripe.delete("/v1/customers/" + customer).status()).isEqualTo(200);
        stripe.advance(601);

        assertThat(session(session).getString("status")).isEqualTo("complete");
        JsonArray begun = list("/v1/subscriptions?status=all");
        assertThat(begun).hasSize(1);
        assertThat(begun.getJsonObject(0).getString("status")).isEqualTo("canceled");
        assertThat(list("/v1/invoices").getJsonObject(0).getString("status")).isEqualTo("paid");
    }

    @Test
    void leavesNothingBehindWhenItIsAbandonedOrDeclined() {
        String session = open().id();
        StripeClient.Reply declined = pay(session, "pm_card_visa_chargeDeclined");
        stripe.advance(DAY + 1);

        assertThat(declined.status()).isEqualTo(402);
        assertThat(session(session).getString("status")).isEqualTo("expired");
        assertThat(list("/v1/subscriptions?status=all")).isEmpty();
        assertThat(list("/v1/invoices")).isEmpty();
        assertThat(list("/v1/payment_intents").getJsonObject(0).getString("status")).isEqualTo("canceled");
    }

    @Test
    void asksTheBankOnThePage() {
        String session = open().id();
        StripeClient.Reply asked = stripe.send("POST", "/c/pay/" + session, "application/x-www-form-urlencoded",
                "email=a@example.com&number=4000002760003184&expiry=12/34&cvc=123&name=A");
        String challenge = URI.create(asked.header("Location")).getPath();
        stripe.send("POST", challenge, "application/x-www-form-urlencoded", "outcome=complete");

        assertThat(session(session).getString("status")).isEqualTo("complete");
        assertThat(list("/v1/subscriptions")).hasSize(1);
    }

    @Test
    void savesTheCardOfATrial() {
        String session = open("subscription_data[trial_period_days]", 14,
                "subscription_data[trial_settings][end_behavior][missing_payment_method]", "cancel").id();
        pay(session, "pm_card_visa");
        String id = session(session).getString("subscription");

        assertThat(session(session).getString("payment_status")).isEqualTo("no_payment_required");
        assertThat(session(session).getLong("amount_total")).isZero();
        assertThat(status(id)).isEqualTo("trialing");
        assertThat(subscription(id).getString("default_payment_method")).startsWith("pm_");
        assertThat(list("/v1/payment_intents")).isEmpty();
        stripe.advance(14 * DAY + HOUR + 2);
        assertThat(status(id)).isEqualTo("active");
        assertThat(latestInvoice(id).getString("status")).isEqualTo("paid");
    }

    @Test
    void sellsWhatWasWithdrawnWhileThePageWasOpen() {
        String session = open().id();
        stripe.post("/v1/prices/" + basic, "active", "false");
        pay(session, "pm_card_visa");

        assertThat(session(session).getString("status")).isEqualTo("complete");
        assertThat(open().error().getString("message")).contains("inactive");
    }

    @Test
    void completesOnePageOnceAndTwoPagesTwice() {
        String one = open().id();
        String two = open().id();
        pay(one, "pm_card_visa");

        assertThat(pay(one, "pm_card_visa").status()).isEqualTo(400);
        assertThat(pay(two, "pm_card_visa").status()).isEqualTo(200);
        assertThat(list("/v1/subscriptions")).hasSize(2);
    }

    @Test
    void makesACustomerWhereThereIsNone() {
        String session = stripe.post("/v1/checkout/sessions", "mode", "subscription", "line_items[0][price]", basic,
                "line_items[0][quantity]", 1, "success_url", "http://localhost/done", "customer_email", "eve@example.com")
                .id();
        pay(session, "pm_card_visa");

        String made = session(session).getString("customer");
        assertThat(stripe.get("/v1/customers/" + made).json().getString("email")).isEqualTo("eve@example.com");
        assertThat(subscription(session(session).getString("subscription")).getString("customer")).isEqualTo(made);
    }

    @Test
    void addsTax() {
        StripeClient.Reply unknown = open("automatic_tax[enabled]", "true");
        String session = open("automatic_tax[enabled]", "true", "customer_update[address]", "auto").id();
        pay(session, "pm_card_visa");
        JsonObject invoice = invoice(session(session).getString("invoice"));

        assertThat(unknown.error().getString("code")).isEqualTo("customer_tax_location_invalid");
        assertThat(session(session).getLong("amount_total")).isEqualTo(1100);
        assertThat(session(session).getJsonObject("total_details").getLong("amount_tax")).isEqualTo(100);
        assertThat(invoice.getLong("amount_paid")).isEqualTo(1100);
        assertThat(invoice.getJsonArray("total_taxes").getJsonObject(0).getLong("amount")).isEqualTo(100);
        assertThat(invoice.getJsonObject("automatic_tax").getString("status")).isEqualTo("complete");
    }

    @ParameterizedTest
    @CsvSource({ "payment_intent_data[description], x, payment_intent_data", "submit_type, pay, submit_type",
            "customer_email, x@example.com, customer", "payment_method_collection, if_required, payment_method_collection" })
    void refusesWhatBelongsToOtherModes(String name, String value, String param) {
        StripeClient.Reply refused = open(name, value);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("param")).isEqualTo(param);
    }

    @Test
    void sellsEachPriceInItsMode() {
        String once = stripe.post("/v1/prices", "product", product, "currency", "usd", "unit_amount", 900).id();

        assertThat(page("subscription", once).error().getString("message")).contains("recurring price");
        assertThat(page("payment", basic).error().getString("message")).contains("Either switch to `subscription` mode");
        assertThat(page("payment", once).status()).isEqualTo(200);
        assertThat(stripe.post("/v1/checkout/sessions", "mode", "payment", "line_items[0][price]", once, "success_url",
                "http://localhost/done", "subscription_data[description]", "x").error().getString("param"))
                .isEqualTo("subscription_data");
    }

    private StripeClient.Reply page(String mode, String price) {
        return stripe.post("/v1/checkout/sessions", "mode", mode, "line_items[0][price]", price, "line_items[0][quantity]", 1,
                "success_url", "http://localhost/done");
    }

    private StripeClient.Reply open(Object... more) {
        Object[] form = { "mode", "subscription", "customer", customer, "line_items[0][price]", basic,
                "line_items[0][quantity]", 1, "success_url", "http://localhost/done?session={CHECKOUT_SESSION_ID}" };
        Object[] all = Arrays.copyOf(form, form.length + more.length);
        System.arraycopy(more, 0, all, form.length, more.length);
        return stripe.post("/v1/checkout/sessions", all);
    }

    /** A page that is paid; its subscription begins ten minutes later. */
    private String paidTenMinutesAhead() {
        stripe.control("PUT", "/faults",
                new JsonObject().put("subscriptions", new JsonArray().add(new JsonObject().put("seconds", 600))));
        String session = open().id();
        pay(session, "pm_card_visa");
        return session;
    }

    private StripeClient.Reply pay(String session, String method) {
        return stripe.control("POST", "/checkout/sessions/" + session + "/pay", new JsonObject().put("paymentMethod", method));
    }

    private JsonObject session(String id) {
        return stripe.get("/v1/checkout/sessions/" + id).json();
    }
}
