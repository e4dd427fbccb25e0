package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class TaxIdTest extends BillingTest {

    @Test
    void isVerifiedByItsAuthority() {
        String path = "/v1/customers/" + customer + "/tax_ids";
        JsonObject made = stripe.post(path, "type", "eu_vat", "value", "DE123456789").json();
        stripe.post(path, "type", "eu_vat", "value", "DE111111111");
        String before = made.getJsonObject("verification").getString("status");
        stripe.advance(61);

        assertThat(before).isEqualTo("pending");
        assertThat(made.getString("country")).isEqualTo("DE");
        assertThat(stripe.get(path + "/" + made.getString("id")).json().getJsonObject("verification").getString("status"))
                .isEqualTo("verified");
        assertThat(list(path).getJsonObject(0).getJsonObject("verification").getString("status")).isEqualTo("unverified");
        assertThat(stripe.delete(path + "/" + made.getString("id")).json().getBoolean("deleted")).isTrue();
        assertThat(events("customer.tax_id")).containsExactly("customer.tax_id.created", "customer.tax_id.created",
                "customer.tax_id.updated", "customer.tax_id.updated", "customer.tax_id.deleted");
    }

    @Test
    void isRefusedInAnotherForm() {
        StripeClient.Reply refused = stripe.post("/v1/customers/" + customer + "/tax_ids", "type", "eu_vat", "value", "12");

        assertThat(refused.error().getString("code")).isEqualTo("tax_id_invalid");
        assertThat(list("/v1/customers/" + customer + "/tax_ids")).isEmpty();
    }
}
