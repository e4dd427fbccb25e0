package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Builds PaymentIntents, complete with the fields of later steps. */
final class PaymentIntentObject {

    private PaymentIntentObject() {
    }

    static JsonObject create(Ids ids, long created, long amount, String currency, Parameters parameters) {
        String id = ids.next("pi_");
        boolean cardsOnly = parameters.has("payment_method_types");
        List<String> excluded = parameters.texts("excluded_payment_method_types");
        Parameters automatic = parameters.nested("automatic_payment_methods");
        return Json.object("id", id, "object", "payment_intent", "allowed_payment_method_types", null, "amount", amount,
                "amount_capturable", 0, "amount_details", Json.object("tip", new JsonObject()), "amount_received", 0,
                "application",
                null, "application_fee_amount", parameters.integer("application_fee_amount"), "automatic_payment_methods",
                cardsOnly ? null : Json.object("allow_redirects", automatic.text("allow_redirects", "always"), "enabled", true),
                "canceled_at", null, "cancellation_reason", null, "capture_method", "automatic_async", "client_secret",
                id + "_secret_" + ids.random(25), "confirmation_method", "automatic", "created", created, "currency",
                currency, "customer", null, "customer_account", null, "description", parameters.text("description"),
                "excluded_payment_method_types", excluded.isEmpty() ? null : new JsonArray(excluded), "last_payment_error",
                null,
                "latest_charge", null, "livemode", false, "managed_payments", null, "metadata", new JsonObject(), "next_action",
                null, "on_behalf_of", parameters.text("on_behalf_of"), "payment_method", null,
                "payment_method_configuration_details", null, "payment_method_options",
                Json.object("card",
                        Json.object("installments", null, "mandate_options", null, "network", null, "request_three_d_secure",
                                "automatic")),
                "payment_method_types", types(currency, cardsOnly, excluded), "processing", null, "receipt_email",
                parameters.text("receipt_email"), "review",
                null,
                "setup_future_usage", parameters.text("setup_future_usage"), "shipping", null, "source", null,
                "statement_descriptor", parameters.text("statement_descriptor"), "statement_descriptor_suffix",
                parameters.text("statement_descriptor_suffix"), "status", "requires_payment_method", "transfer_data",
                transferData(parameters),
                "transfer_group", parameters.text("transfer_group"));
    }

    /** The types of payment methods that may pay it: bank debits exist in dollars, and may be excluded. */
    private static JsonArray types(String currency, boolean cardsOnly, List<String> excluded) {
        JsonArray types = Json.array("card");
        return cardsOnly || !currency.equals("usd") || excluded.contains("us_bank_account") ? types
                : types.add("us_bank_account");
    }

    private static @Nullable JsonObject transferData(Parameters parameters) {
        if (!parameters.has("transfer_data")) {
            return null;
        }
        JsonObject transfer = Json.object("destination", parameters.nested("transfer_data").need("destination"));
        Long part = parameters.nested("transfer_data").integer("amount");
        return part == null ? transfer : transfer.put("amount", part);
    }
}
