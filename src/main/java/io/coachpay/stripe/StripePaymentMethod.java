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
 * @param last4 of the card, or of another type's number; null where the type has none
 * @param fingerprint the same for the same number, of whatever type; null where the type has none
 * @param offered whether Stripe's page may offer it to its owner
 */
public record StripePaymentMethod(String id, String type, @Nullable String customerId, @Nullable StripeCard card,
        @Nullable String last4, @Nullable String fingerprint, boolean offered, Map<String, String> metadata, Instant created)
        implements
            StripeTagged {

    public static final String OBJECT = "payment_method";

    /** Reads Stripe's JSON of a payment method. */
    public static StripePaymentMethod from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        String type = fields.text("type", "unknown");
        return new StripePaymentMethod(fields.required("id"), type, fields.reference("customer"),
                StripeCard.from(fields.at("card")), fields.at(type).text("last4"), fields.at(type).text("fingerprint"),
                "always".equals(fields.text("allow_redisplay")), fields.metadata(), fields.created());
    }
}
