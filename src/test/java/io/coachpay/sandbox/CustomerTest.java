package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class CustomerTest extends BillingTest {

    @Test
    void takesAsDefaultOnlyWhatIsTheCustomersOwn() {
        String other = stripe.post("/v1/customers", "email", "bob@example.com").id();

        StripeClient.Reply refused = stripe.post("/v1/customers/" + other, "invoice_settings[default_payment_method]", card);
        stripe.post("/v1/customers/" + customer, "invoice_settings[default_payment_method]", "");

        assertThat(refused.error().getString("code")).isEqualTo("resource_missing");
        assertThat(refused.error().getString("param")).isEqualTo("invoice_settings[default_payment_method]");
        assertThat(defaultMethod()).isNull();
    }

    @Test
    void forgetsADefaultThatIsDetached() {
        stripe.post("/v1/payment_methods/" + card + "/detach");

        assertThat(defaultMethod()).isNull();
        assertThat(events("payment_method.detached", "customer.updated")).endsWith("payment_method.detached",
                "customer.updated");
    }

    @Test
    void showsACardAgainOnlyAsItsHolderAgreed() {
        assertThat(stripe.get("/v1/payment_methods/" + card).json().getString("allow_redisplay")).isEqualTo("unspecified");

        stripe.post("/v1/payment_methods/" + card, "allow_redisplay", "always");

        assertThat(list("/v1/customers/" + customer + "/payment_methods?allow_redisplay=always")).hasSize(1);
        assertThat(stripe.post("/v1/payment_methods/" + card, "allow_redisplay", "sometimes").status()).isEqualTo(400);
    }

    @Test
    void renewsACardAsItsNetworkDoes() {
        JsonObject before = stripe.get("/v1/payment_methods/" + card).json().getJsonObject("card");

        stripe.control("/payment_methods/" + card + "/renew");
        JsonObject later = stripe.get("/v1/payment_methods/" + card).json().getJsonObject("card");
        stripe.control("POST", "/payment_methods/" + card + "/renew", new JsonObject().put("number", "5555555555554444"));
        JsonObject renumbered = stripe.get("/v1/payment_methods/" + card).json().getJsonObject("card");

        assertThat(later.getLong("exp_year")).isGreaterThan(before.getLong("exp_year"));
        assertThat(later.getString("fingerprint")).isEqualTo(before.getString("fingerprint"));
        assertThat(renumbered.getString("last4")).isEqualTo("4444");
        assertThat(renumbered.getString("fingerprint")).isNotEqualTo(before.getString("fingerprint"));
        assertThat(events("payment_method.automatically_updated")).hasSize(2);
        assertThat(defaultMethod()).isEqualTo(card);
        assertThat(stripe.control("POST", "/payment_methods/" + card + "/renew", new JsonObject().put("number", "4242"))
                .status()).isEqualTo(402);
    }

    @Test
    void keepsABalanceInOneCurrency() {
        String path = "/v1/customers/" + customer + "/balance_transactions";

        JsonObject entry = stripe.post(path, "amount", -500, "currency", "usd", "description", "Sorry").json();
        StripeClient.Reply other = stripe.post(path, "amount", -500, "currency", "eur");

        assertThat(entry.getLong("ending_balance")).isEqualTo(-500);
        assertThat(entry.getString("type")).isEqualTo("adjustment");
        assertThat(stripe.get("/v1/customers/" + customer).json().getLong("balance")).isEqualTo(-500);
        assertThat(other.error().getString("message")).contains("cannot combine currencies");
        assertThat(list(path)).hasSize(1);
        assertThat(stripe.get(path + "/" + entry.getString("id")).json()).isEqualTo(entry);
    }

    @Test
    void knowsTheCustomersPlaceBeforeTaxIsAsked() {
        String path = "/v1/customers/" + customer;

        StripeClient.Reply refused = stripe.post(path, "address[country]", "US", "name", "Other",
                "tax[validate_location]", "immediately");
        JsonObject kept = stripe.get(path).json();
        StripeClient.Reply taken = stripe.post(path, "address[country]", "US", "address[postal_code]", "94103",
                "tax[validate_location]", "immediately", "tax_exempt", "exempt");

        assertThat(refused.error().getString("code")).isEqualTo("customer_tax_location_invalid");
        assertThat(kept.getString("name")).isNotEqualTo("Other");
        assertThat(kept.getJsonObject("address")).isNull();
        assertThat(taken.json().getString("tax_exempt")).isEqualTo("exempt");
    }

    private String defaultMethod() {
        return stripe.get("/v1/customers/" + customer).json().getJsonObject("invoice_settings")
                .getString("default_payment_method");
    }
}
