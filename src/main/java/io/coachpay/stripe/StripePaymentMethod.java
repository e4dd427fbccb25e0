package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A saved way to pay, see <a href="https://docs.stripe.com/api/payment_methods/object">docs.stripe.com</a>.
 *
 * @param customerId its owner, null when detached
 * @param card displayable data, null for other types
 */
public record StripePaymentMethod(String id, String type, @Nullable String customerId, @Nullable StripeCard card,
        Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "payment_method";

    /** Reads Stripe's JSON of a payment method. */
    public static StripePaymentMethod from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        return new StripePaymentMethod(fields.required("id"), fields.text("type", "unknown"), fields.reference("customer"),
                StripeCard.from(fields.at("card")), fields.metadata(), fields.created());
    }
}
