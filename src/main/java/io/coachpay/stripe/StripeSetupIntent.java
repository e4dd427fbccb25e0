package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A card being saved without paying, see <a href="https://docs.stripe.com/api/setup_intents/object">docs.stripe.com</a>.
 *
 * @param status as Stripe says, such as {@code requires_payment_method} or {@code succeeded}
 * @param clientSecret lets a browser finish it; never printed
 */
public record StripeSetupIntent(String id, String status, @Nullable String customerId, @Nullable String paymentMethodId,
        @Nullable String clientSecret, Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "setup_intent";

    /** Reads Stripe's JSON of a setup intent. */
    public static StripeSetupIntent from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        return new StripeSetupIntent(fields.required("id"), fields.required("status"), fields.reference("customer"),
                fields.reference("payment_method"), fields.text("client_secret"), fields.metadata(), fields.created());
    }

    @Override
    public String toString() {
        return "StripeSetupIntent[" + id + ", " + status + "]";
    }
}
