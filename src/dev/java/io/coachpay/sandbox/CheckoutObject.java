package io.coachpay.sandbox;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Builds Checkout Sessions, complete with the fields they do not use. */
final class CheckoutObject {

    private CheckoutObject() {
    }

    static JsonObject create(String id, String mode, long created, long expires, Parameters parameters) {
        JsonObject session = Json.object("id", id, "object", "checkout.session", "adaptive_pricing",
                Json.object("enabled", false),
                "after_expiration", null, "allow_promotion_codes", null, "amount_subtotal", null, "amount_total", null,
                "automatic_tax", Json.object("enabled", false, "liability", null, "provider", null, "status", null),
                "billing_address_collection", parameters.text("billing_address_collection"), "cancel_url",
                parameters.text("cancel_url"), "client_reference_id", parameters.text("client_reference_id"), "client_secret",
                null,
                "collected_information", null, "consent", null, "consent_collection", null, "created", created, "currency",
                null,
                "currency_conversion", null, "custom_fields", new JsonArray(), "custom_text",
                Json.object("after_submit", null, "shipping_address", null, "submit", null, "terms_of_service_acceptance",
                        null),
                "customer", parameters.text("customer"), "customer_account", null, "customer_creation",
                creation(mode, parameters),
                "customer_details", null, "customer_email", parameters.text("customer_email"));
        session.mergeIn(Json.object("discounts", new JsonArray(), "expires_at", expires, "integration_identifier", null,
                "invoice",
                null, "invoice_creation", mode.equals("payment") ? invoiceCreation() : null, "livemode", false, "locale",
                parameters.text("locale"), "managed_payments", null, "metadata", new JsonObject(), "mode", mode,
                "optional_items",
                null, "origin_context", null, "payment_intent", null, "payment_link", null, "payment_method_collection",
                mode.equals("payment") ? "if_required" : "always", "payment_method_configuration_details", null,
                "payment_method_options", Json.object("card", Json.object("request_three_d_secure", "automatic")),
                "payment_method_types", Json.array("card"), "payment_status", "unpaid", "permissions", null,
                "phone_number_collection", Json.object("enabled", false), "recovered_from", null,
                "saved_payment_method_options",
                null));
        session.mergeIn(Json.object("setup_intent", null, "shipping_address_collection", null, "shipping_cost", null,
                "shipping_options", new JsonArray(), "status", "open", "submit_type", parameters.text("submit_type"),
                "subscription",
                null, "success_url", parameters.text("success_url"), "tax_id_collection",
                Json.object("enabled", parameters.nested("tax_id_collection").flag("enabled"), "required", "never"),
                "total_details", null, "ui_mode", "hosted_page", "url",
                null,
                "wallet_options", null));
        parameters.metadata(session);
        return session;
    }

    private static @Nullable String creation(String mode, Parameters parameters) {
        String otherwise = mode.equals("setup") || parameters.has("customer") ? ""
                : mode.equals("subscription") ? "always" : "if_required";
        String asked = parameters.text("customer_creation", otherwise);
        return asked.isEmpty() ? null : asked;
    }

    private static JsonObject invoiceCreation() {
        return Json.object("enabled", false, "invoice_data", Json.object("account_tax_ids", null, "custom_fields", null,
                "description", null, "footer", null, "issuer", null, "metadata", new JsonObject(), "rendering_options", null));
    }
}
