package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Something for sale, by which Stripe's reports group payments, see
 * <a href="https://docs.stripe.com/api/products/object">docs.stripe.com</a>.
 *
 * @param name on Stripe's page and in its reports
 * @param active whether it may be sold
 */
public record StripeProduct(String id, @Nullable String name, boolean active, Map<String, String> metadata, Instant created)
        implements
            StripeTagged {

    public static final String OBJECT = "product";

    /** Reads Stripe's JSON of a product. */
    public static StripeProduct from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        return new StripeProduct(fields.required("id"), fields.text("name"), fields.flag("active"), fields.metadata(),
                fields.created());
    }
}
