package io.coachpay.sandbox;

import java.util.List;

import io.vertx.core.json.JsonObject;

/** Rules for the parameters that creating and changing a subscription share. */
final class SubscriptionRules {

    private static final List<String> FEEDBACK = List.of("customer_service", "low_quality", "missing_features", "other",
            "switched_service", "too_complex", "too_expensive", "unused");

    private SubscriptionRules() {
    }

    /** Refuses contradictions, and what the sandbox would not do as Stripe does. */
    static void check(Parameters parameters) {
        parameters.oneOf("collection_method", "charge_automatically");
        parameters.oneOf("proration_behavior", "always_invoice", "create_prorations", "none");
        if ("classic".equals(parameters.nested("billing_mode").oneOf("type", "classic", "flexible"))) {
            throw StripeError.invalid("The sandbox knows billing_mode[type]=flexible alone.",
                    parameters.nested("billing_mode").name("type"));
        }
        // even to unset the one and switch the other off
        if (parameters.has("cancel_at") && parameters.has("cancel_at_period_end")) {
            throw StripeError.invalid(
                    "Received both cancel_at_period_end and cancel_at parameters. Please pass in only one.", "cancel_at");
        }
    }

    static long quantity(Parameters item, long otherwise) {
        Long quantity = item.integer("quantity");
        if (quantity != null && quantity < 1) {
            throw StripeError.malformed("parameter_invalid_integer", "Invalid positive integer", item.name("quantity"));
        }
        return quantity == null ? otherwise : quantity;
    }

    static void applyTrialSettings(JsonObject subscription, Parameters parameters) {
        String missing = parameters.nested("trial_settings").nested("end_behavior").oneOf("missing_payment_method", "cancel",
                "create_invoice", "pause");
        if (missing != null) {
            subscription.put("trial_settings", SubscriptionObject.trialSettings(missing));
        }
    }

    static void applyPaymentSettings(JsonObject subscription, Parameters parameters) {
        Parameters settings = parameters.nested("payment_settings");
        String save = settings.oneOf("save_default_payment_method", "off", "on_subscription");
        if (save != null) {
            subscription.getJsonObject("payment_settings").put("save_default_payment_method", save);
        }
        for (String type : settings.texts("payment_method_types")) {
            if (!type.equals("card")) {
                throw StripeError.invalid("The sandbox's invoices are paid by card alone.",
                        settings.name("payment_method_types"));
            }
        }
    }

    /** The end of a period or of a moment: {@code cancel_at_period_end} fills in {@code cancel_at} beside its flag. */
    static void applyCancellation(JsonObject subscription, Parameters parameters, long now) {
        if (parameters.has("cancel_at_period_end")) {
            boolean wanted = parameters.flag("cancel_at_period_end");
            boolean was = subscription.getBoolean("cancel_at_period_end");
            if (wanted) {
                plan(subscription, SubscriptionObject.item(subscription).getLong("current_period_end"), true, now);
            } else if (was) {
                unplan(subscription);
            }
        }
        if (!parameters.has("cancel_at")) {
            return;
        }
        Long at = parameters.integer("cancel_at");
        if (at == null) {
            unplan(subscription);
            return;
        }
        if (at <= now) {
            throw StripeError.invalid("cancel_at must be in the future.", "cancel_at");
        }
        plan(subscription, at, false, now);
    }

    /** Plans the end, with the flag as the API sets it, or without as the portal does in flexible mode. */
    static void plan(JsonObject subscription, long at, boolean flag, long now) {
        subscription.put("cancel_at", at).put("cancel_at_period_end", flag).put("canceled_at", now)
                .getJsonObject("cancellation_details").put("reason", "cancellation_requested");
    }

    private static void unplan(JsonObject subscription) {
        subscription.put("cancel_at", null).put("cancel_at_period_end", false).put("canceled_at", null).put(
                "cancellation_details", Json.object("comment", null, "feedback", null, "reason", null));
    }

    static void applyDetails(JsonObject subscription, Parameters parameters) {
        Parameters sent = parameters.nested("cancellation_details");
        JsonObject details = subscription.getJsonObject("cancellation_details");
        if (sent.has("comment")) {
            details.put("comment", sent.text("comment"));
        }
        if (sent.has("feedback")) {
            details.put("feedback", sent.oneOf("feedback", FEEDBACK.toArray(String[]::new)));
        }
    }
}
