package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Builds and reads subscriptions and their one item. */
final class SubscriptionObject {

    private static final List<String> ENDED = List.of("canceled", "incomplete_expired");

    private SubscriptionObject() {
    }

    static JsonObject create(String id, String customer, String currency, long now) {
        return Json.object("id", id, "object", "subscription", "application", null, "application_fee_percent", null,
                "automatic_tax", automaticTax(false), "billing_cycle_anchor", now, "billing_cycle_anchor_config", null,
                "billing_mode", Json.object("flexible", Json.object("proration_discounts", "included"), "type", "flexible"),
                "billing_schedules", new JsonArray(), "billing_thresholds", null, "cancel_at", null, "cancel_at_period_end",
                false, "canceled_at", null, "cancellation_details",
                Json.object("comment", null, "feedback", null, "reason", null), "collection_method", "charge_automatically",
                "created", now, "currency", currency, "customer", customer, "customer_account", null, "days_until_due", null,
                "default_payment_method", null, "default_source", null, "default_tax_rates", new JsonArray(), "description",
                null, "discounts", new JsonArray(), "ended_at", null, "invoice_settings",
                Json.object("account_tax_ids", null, "custom_fields", null, "description", null, "footer", null, "issuer",
                        Json.object("type", "self")))
                .mergeIn(Json.object("items", new JsonObject(), "latest_invoice", null, "livemode", false, "managed_payments",
                        null, "metadata", new JsonObject(), "next_pending_invoice_item_invoice", null, "on_behalf_of", null,
                        "pause_collection", null, "payment_settings",
                        Json.object("payment_method_options", null, "payment_method_types", null,
                                "save_default_payment_method", "off"),
                        "pending_invoice_item_interval", null, "pending_setup_intent", null, "pending_update", null, "schedule",
                        null, "start_date", now, "status", "incomplete", "test_clock", null, "transfer_data", null,
                        "trial_end", null, "trial_settings", trialSettings("create_invoice"), "trial_start", null));
    }

    static JsonObject automaticTax(boolean enabled) {
        return Json.object("disabled_reason", null, "enabled", enabled, "liability",
                enabled ? Json.object("type", "self") : null);
    }

    static JsonObject trialSettings(String missingPaymentMethod) {
        return Json.object("end_behavior", Json.object("missing_payment_method", missingPaymentMethod));
    }

    static JsonObject item(String id, String subscription, JsonObject price, long quantity, long now) {
        return Json.object("id", id, "object", "subscription_item", "billing_thresholds", null, "created", now,
                "current_period_end", now, "current_period_start", now, "discounts", new JsonArray(), "metadata",
                new JsonObject(), "plan", Prices.plan(price), "price", price.copy(), "quantity", quantity, "subscription",
                subscription, "tax_rates", new JsonArray());
    }

    static JsonObject items(JsonObject item) {
        return Json.list("/v1/subscription_items?subscription=" + item.getString("subscription"), Json.array(item));
    }

    static JsonObject item(JsonObject subscription) {
        return subscription.getJsonObject("items").getJsonArray("data").getJsonObject(0);
    }

    static JsonObject recurring(JsonObject subscription) {
        return item(subscription).getJsonObject("price").getJsonObject("recurring");
    }

    static boolean is(JsonObject subscription, String... statuses) {
        return List.of(statuses).contains(subscription.getString("status"));
    }

    static boolean hasEnded(JsonObject subscription) {
        return ENDED.contains(subscription.getString("status"));
    }
}
