package io.coachpay.sandbox;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Builds account objects, complete with the fields that nobody has filled in yet. */
final class AccountObject {

    /** Stripe's requirements on an individual who has not onboarded. */
    private static final List<String> UNTOLD = List.of("business_profile.mcc", "business_profile.url", "external_account",
            "individual.dob.day", "individual.dob.month", "individual.dob.year", "individual.first_name",
            "individual.last_name",
            "individual.email", "individual.phone", "tos_acceptance.date", "tos_acceptance.ip");
    private static final Map<String, String> CURRENCIES = Map.ofEntries(Map.entry("US", "usd"), Map.entry("GB", "gbp"),
            Map.entry("JP", "jpy"), Map.entry("CA", "cad"), Map.entry("AU", "aud"), Map.entry("CH", "chf"),
            Map.entry("SE", "sek"), Map.entry("DK", "dkk"), Map.entry("NO", "nok"), Map.entry("KW", "kwd"),
            Map.entry("IS", "isk"), Map.entry("HU", "huf"), Map.entry("PL", "pln"), Map.entry("SG", "sgd"),
            Map.entry("NZ", "nzd"), Map.entry("IN", "inr"), Map.entry("MX", "mxn"), Map.entry("BR", "brl"));

    static final String PLATFORM_ID = "acct_platform";

    private AccountObject() {
    }

    static JsonObject create(String id, long created, Parameters parameters) {
        String country = parameters.text("country", "US");
        String currency = parameters.text("default_currency", CURRENCIES.getOrDefault(country, "eur"));
        JsonObject controller = controller(parameters);
        JsonObject account = Json.object("id", id, "object", "account", "business_profile", businessProfile(), "business_type",
                parameters.text("business_type"), "capabilities", new JsonObject(), "charges_enabled", false, "controller",
                controller, "country", country, "created", created, "default_currency", currency, "details_submitted", false,
                "email", null, "external_accounts",
                Json.list("/v1/accounts/" + id + "/external_accounts").put("total_count", 0), "future_requirements",
                requirements(List.of(), List.of(), null), "metadata", new JsonObject(), "payouts_enabled", false,
                "requirements",
                requirements(UNTOLD, UNTOLD, null), "settings", settings(), "tos_acceptance",
                Json.object("date", null, "ip", null, "user_agent", null), "type", type(parameters, controller));
        apply(account, parameters);
        return account;
    }

    /** The platform's own account, with the fields that are used. */
    static JsonObject platform(long now) {
        JsonObject account = create(PLATFORM_ID, now, new Parameters(Map.of("country", "US")));
        return account.put("controller", Json.object("type", "account")).put("type", "standard").put("charges_enabled", true)
                .put("payouts_enabled", true).put("details_submitted", true)
                .put("requirements", requirements(List.of(), List.of(), null));
    }

    static void apply(JsonObject account, Parameters parameters) {
        if (parameters.has("email")) {
            account.put("email", parameters.text("email"));
        }
        if (parameters.has("business_type")) {
            account.put("business_type", parameters.text("business_type"));
        }
        JsonObject profile = parameters.nested("business_profile").json();
        profile.forEach(entry -> account.getJsonObject("business_profile").put(entry.getKey(),
                "".equals(entry.getValue()) ? null : entry.getValue()));
        parameters.metadata(account);
    }

    static JsonObject requirements(List<String> currentlyDue, List<String> pastDue, @Nullable Long deadline) {
        return Json.object("alternatives", new JsonArray(), "current_deadline", deadline, "currently_due",
                new JsonArray(List.copyOf(currentlyDue)), "disabled_reason", pastDue.isEmpty() ? null : "requirements.past_due",
                "errors", new JsonArray(), "eventually_due", new JsonArray(List.copyOf(currentlyDue)), "past_due",
                new JsonArray(List.copyOf(pastDue)), "pending_verification", new JsonArray());
    }

    static JsonObject bankAccount(String id, String account, String country, String currency) {
        JsonObject nothing = Json.object("currently_due", new JsonArray(), "errors", new JsonArray(), "past_due",
                new JsonArray(),
                "pending_verification", new JsonArray());
        return Json.object("id", id, "object", "bank_account", "account", account, "account_holder_name", null,
                "account_holder_type", null, "account_type", null, "available_payout_methods", Json.array("standard"),
                "bank_name",
                "STRIPE TEST BANK", "country", country, "currency", currency, "default_for_currency", true, "fingerprint",
                id.substring(3, 19), "future_requirements", nothing, "last4", "6789", "metadata", new JsonObject(),
                "requirements",
                nothing.copy(), "routing_number", "110000000", "status", "new");
    }

    private static JsonObject controller(Parameters parameters) {
        Parameters sent = parameters.nested("controller");
        String type = parameters.text("type", "");
        boolean bare = sent.isEmpty();
        String dashboard = sent.nested("stripe_dashboard").text("type",
                bare && type.equals("express") ? "express" : bare && type.equals("custom") ? "none" : "full");
        String losses = sent.nested("losses").text("payments",
                bare && !type.equals("standard") && !type.isEmpty() ? "application" : "stripe");
        String fees = sent.nested("fees").text("payer",
                bare && !type.equals("standard") && !type.isEmpty() ? "application" : "account");
        String collection = sent.text("requirement_collection", bare && type.equals("custom") ? "application" : "stripe");
        return Json.object("fees", Json.object("payer", fees), "is_controller", true, "losses", Json.object("payments", losses),
                "requirement_collection", collection, "stripe_dashboard", Json.object("type", dashboard), "type",
                "application");
    }

    private static String type(Parameters parameters, JsonObject controller) {
        if (parameters.has("type")) {
            return parameters.text("type", "standard");
        }
        String dashboard = controller.getJsonObject("stripe_dashboard").getString("type");
        boolean platformBears = controller.getJsonObject("losses").getString("payments").equals("application");
        return switch (dashboard) {
            case "express" -> platformBears ? "express" : "none";
            case "full" -> platformBears ? "none" : "standard";
            default -> "none";
        };
    }

    private static JsonObject businessProfile() {
        return Json.object("annual_revenue", null, "estimated_worker_count", null, "mcc", null,
                "minority_owned_business_designation", null, "name", null, "product_description", null, "support_address", null,
                "support_email", null, "support_phone", null, "support_url", null, "url", null);
    }

    private static JsonObject settings() {
        return Json.object("branding", Json.object("icon", null, "logo", null, "primary_color", null, "secondary_color", null),
                "card_issuing", Json.object("tos_acceptance", Json.object("date", null, "ip", null)), "card_payments",
                Json.object("decline_on", Json.object("avs_failure", false, "cvc_failure", false),
                        "statement_descriptor_prefix",
                        null, "statement_descriptor_prefix_kana", null, "statement_descriptor_prefix_kanji", null),
                "dashboard", Json.object("display_name", null, "timezone", "Etc/UTC"), "invoices",
                Json.object("default_account_tax_ids", null, "hosted_payment_method_save", null), "payments",
                Json.object("statement_descriptor", null, "statement_descriptor_kana", null, "statement_descriptor_kanji", null,
                        "statement_descriptor_prefix_kana", null, "statement_descriptor_prefix_kanji", null),
                "payouts",
                Json.object("debit_negative_balances", true, "schedule", Json.object("delay_days", 2, "interval", "daily"),
                        "statement_descriptor", null),
                "sepa_debit_payments", new JsonObject());
    }
}
