package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The price of a product, see <a href="https://docs.stripe.com/api/prices/object">docs.stripe.com</a>.
 *
 * @param productId the product it is a price of, {@code prod_…}; null where a version does not say
 * @param active whether more may be sold at this price; who pays it already goes on
 */
public record StripePrice(String id, @Nullable String productId, boolean active, Map<String, String> metadata,
        Instant created) implements StripeTagged {

    public static final String OBJECT = "price";

    /** Reads Stripe's JSON of a price. */
    public static StripePrice from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        return new StripePrice(fields.required("id"), fields.reference("product"), fields.flag("active"), fields.metadata(),
                fields.created());
    }
}
