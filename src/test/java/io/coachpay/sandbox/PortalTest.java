package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

class PortalTest extends BillingTest {

    private String dear;
    private String subscription;
    private String configuration;

    @BeforeEach
    void allowEverything() {
        String better = stripe.post("/v1/products", "name", "Better").id();
        dear = stripe.post("/v1/prices", "product", better, "currency", "usd", "unit_amount", 5000, "recurring[interval]",
                "month").id();
        configuration = configure("features[subscription_update][products][1][product]", better,
                "features[subscription_update][products][1][prices][0]", dear).id();
        subscription = subscribe(basic).id();
    }

    private StripeClient.Reply configure(Object... more) {
        Object[] form = { "features[customer_update][enabled]", "true", "features[customer_update][allowed_updates][0]", "name",
                "features[payment_method_update][enabled]", "true", "features[invoice_history][enabled]", "true",
                "features[subscription_cancel][enabled]", "true", "features[subscription_update][enabled]", "true",
                "features[subscription_update][default_allowed_updates][0]", "price",
                "features[subscription_update][proration_behavior]", "always_invoice",
                "features[subscription_update][products][0][product]", product,
                "features[subscription_update][products][0][prices][0]", basic };
        Object[] all = Arrays.copyOf(form, form.length + more.length);
        System.arraycopy(more, 0, all, form.length, more.length);
        return stripe.post("/v1/billing_portal/configurations", all);
    }

    private JsonObject visit(Object... more) {
        Object[] form = { "customer", customer, "configuration", configuration, "return_url", "http://localhost/account" };
        Object[] all = Arrays.copyOf(form, form.length + more.length);
        System.arraycopy(more, 0, all, form.length, more.length);
        return stripe.post("/v1/billing_portal/sessions", all).json();
    }

    private StripeClient.Reply act(JsonObject visit, String form) {
        return stripe.send("POST", URI.create(visit.getString("url")).getPath(), "application/x-www-form-urlencoded", form);
    }

    @Test
    void showsWhatTheCustomerHas() {
        StripeClient.Reply page = stripe.get(URI.create(visit().getString("url")).getPath());

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.response().body()).contains("10.00 USD / month, active", "visa 4242", "-0001",
                "http://localhost/account");
        assertThat(stripe.get(URI.create(visit().getString("url")).getPath() + "x").status()).isEqualTo(404);
    }

    @Test
    void changesTheCard() {
        JsonObject visit = visit();
        StripeClient.Reply declined = act(visit, "action=card&number=4000000000000002&expiry=12/34&cvc=123");
        StripeClient.Reply saved = act(visit, "action=card&number=5555555555554444&expiry=12/34&cvc=123");
        String method = stripe.get("/v1/customers/" + customer).json().getJsonObject("invoice_settings")
                .getString("default_payment_method");

        assertThat(declined.status()).isEqualTo(402);
        assertThat(saved.status()).isEqualTo(303);
        assertThat(stripe.get("/v1/payment_methods/" + method).json().getJsonObject("card").getString("last4"))
                .isEqualTo("4444");
        renew(subscription);
        assertThat(stripe.get("/v1/payment_intents/" + intent(latestInvoice(subscription))).json().getString("payment_method"))
                .isEqualTo(method);
        act(visit(), "action=default&method=" + card);
        act(visit(), "action=remove&method=" + method);
        assertThat(list("/v1/customers/" + customer + "/payment_methods")).hasSize(1);
        assertThat(events("payment_method.detached")).hasSize(1);
    }

    @Test
    void cancelsByAMomentWithoutTheFlag() {
        act(visit(), "action=cancel&subscription=" + subscription);
        JsonObject planned = subscription(subscription);
        act(visit(), "action=keep&subscription=" + subscription);
        boolean kept = subscription(subscription).getValue("cancel_at") == null;
        act(visit(), "action=cancel&subscription=" + subscription);
        advanceTo(planned.getLong("cancel_at"));

        assertThat(planned.getBoolean("cancel_at_period_end")).isFalse();
        assertThat(planned.getLong("cancel_at")).isEqualTo(
                planned.getJsonObject("items").getJsonArray("data").getJsonObject(0).getLong("current_period_end"));
        assertThat(planned.getString("status")).isEqualTo("active");
        assertThat(kept).isTrue();
        assertThat(status(subscription)).isEqualTo("canceled");
    }

    @Test
    void changesThePlanAmongTheAllowedPrices() {
        StripeClient.Reply refused = act(visit(), "action=change&subscription=" + subscription + "&price=" + pro);
        act(visit(), "action=change&subscription=" + subscription + "&price=" + dear);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(item(subscription).getJsonObject("price").getString("id")).isEqualTo(dear);
        assertThat(latestInvoice(subscription).getString("billing_reason")).isEqualTo("subscription_update");
        assertThat(latestInvoice(subscription).getLong("amount_paid")).isPositive();
    }

    @Test
    void changesTheParticularsThatMayChange() {
        act(visit(), "action=details&name=Alice+B&email=other@example.com");
        JsonObject changed = stripe.get("/v1/customers/" + customer).json();

        assertThat(changed.getString("name")).isEqualTo("Alice B");
        assertThat(changed.getString("email")).isEqualTo("alice@example.com");
    }

    @Test
    void doesOnlyWhatItsConfigurationAllows() {
        stripe.post("/v1/billing_portal/configurations/" + configuration, "features[subscription_cancel][enabled]", "false");

        assertThat(act(visit(), "action=cancel&subscription=" + subscription).status()).isEqualTo(400);
        assertThat(stripe.post("/v1/billing_portal/sessions", "customer", customer, "configuration", configuration,
                "flow_data[type]", "subscription_cancel", "flow_data[subscription_cancel][subscription]", subscription).error()
                .getString("message")).contains("disabled");
        assertThat(events("billing_portal.configuration")).containsExactly("billing_portal.configuration.created",
                "billing_portal.configuration.updated");
    }

    @Test
    void leadsBackFromAFlow() {
        JsonObject visit = visit("flow_data[type]", "subscription_cancel", "flow_data[subscription_cancel][subscription]",
                subscription, "flow_data[after_completion][type]", "redirect",
                "flow_data[after_completion][redirect][return_url]", "http://localhost/gone");

        assertThat(act(visit, "action=cancel&subscription=" + subscription).header("Location"))
                .isEqualTo("http://localhost/gone");
        assertThat(visit.getJsonObject("flow").getString("type")).isEqualTo("subscription_cancel");
    }

    @Test
    void showsItsProductsWhenAsked() {
        String path = "/v1/billing_portal/configurations/" + configuration;
        JsonObject plain = update(stripe.get(path).json());
        JsonArray products = update(stripe.get(path + "?expand[]=features.subscription_update.products").json())
                .getJsonArray("products");

        assertThat(plain.containsKey("products")).isFalse();
        assertThat(products).hasSize(2);
        assertThat(list("/v1/billing_portal/configurations?active=true")).hasSize(1);
        assertThat(list("/v1/billing_portal/configurations?is_default=true")).isEmpty();
    }

    private static JsonObject update(JsonObject configuration) {
        return configuration.getJsonObject("features").getJsonObject("subscription_update");
    }

    @Test
    void needsAConfigurationAndLastsAnHour() {
        JsonObject visit = visit();
        stripe.advance(HOUR + 5);

        assertThat(stripe.post("/v1/billing_portal/sessions", "customer", customer).error().getString("message"))
                .startsWith("No configuration provided");
        assertThat(stripe.get(URI.create(visit.getString("url")).getPath()).status()).isEqualTo(410);
    }

    @Test
    void refusesConfigurationsAsStripeDoes() {
        assertThat(stripe.post("/v1/billing_portal/configurations", "name", "x").error().getString("param"))
                .isEqualTo("features");
        assertThat(configure("features[subscription_update][products][0][prices][1]", pro).error().getString("param"))
                .isEqualTo("features[subscription_update][products][0][prices]");
        assertThat(stripe.post("/v1/billing_portal/configurations", "features[subscription_update][enabled]", "true").error()
                .getString("param")).isEqualTo("features[subscription_update][products]");
        assertThat(configure("features[customer_update][allowed_updates][1]", "birthday").error().getString("code"))
                .isEqualTo("parameter_invalid_string_enum");
    }
}
