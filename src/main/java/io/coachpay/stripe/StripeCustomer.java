package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A payer at Stripe, see <a href="https://docs.stripe.com/api/customers/object">docs.stripe.com</a>.
 *
 * @param deleted a deleted customer can still be retrieved, but has only its id
 * @param taxExempt {@code none}, {@code exempt} or {@code reverse}
 */
public record StripeCustomer(String id, boolean deleted, @Nullable String email, @Nullable String name,
        @Nullable String defaultPaymentMethodId, @Nullable StripeAddress address, String taxExempt,
        Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "customer";

    /** Reads Stripe's JSON of a customer. */
    public static StripeCustomer from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        String method = fields.at("invoice_settings").reference("default_payment_method");
        return new StripeCustomer(fields.required("id"), fields.flag("deleted"), fields.text("email"), fields.text("name"),
                method == null ? fields.reference("default_source") : method, StripeAddress.from(fields.at("address")),
                fields.text("tax_exempt", "none"), fields.metadata(), fields.created());
    }

    @Override
    public String toString() {
        return "StripeCustomer[" + id + (deleted ? ", deleted]" : "]");
    }
}
