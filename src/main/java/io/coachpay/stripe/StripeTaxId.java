package io.coachpay.stripe;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A number under which a customer pays taxes, see
 * <a href="https://docs.stripe.com/api/tax_ids/object">docs.stripe.com/api/tax_ids/object</a>.
 *
 * @param customerId {@code cus_…}; null for one of the account's own
 * @param type such as {@code eu_vat}
 * @param verification what its authority says, {@code pending} until it has, or {@code unavailable}
 */
public record StripeTaxId(String id, @Nullable String customerId, String type, String value, String verification) {

    public static final String OBJECT = "tax_id";

    /** Reads Stripe's JSON of a tax id. */
    public static StripeTaxId from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        return new StripeTaxId(fields.required("id"), fields.reference("customer"), fields.required("type"),
                fields.required("value"), fields.at("verification").text("status", "unavailable"));
    }

    @Override
    public String toString() {
        return "StripeTaxId[" + id + "]";
    }
}
