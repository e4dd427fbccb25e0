package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The acts that are allowed in Stripe's billing portal, see
 * <a href="https://docs.stripe.com/api/customer_portal/configurations/object">docs.stripe.com</a>.
 */
public record StripePortalConfiguration(String id, Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "billing_portal.configuration";

    /** Reads Stripe's JSON of a configuration. */
    public static StripePortalConfiguration from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        return new StripePortalConfiguration(fields.required("id"), fields.metadata(), fields.created());
    }
}
