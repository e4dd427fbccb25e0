package io.coachpay.sandbox;

import io.vertx.core.json.JsonObject;

/** Builds payment methods, of a card or of a bank account. */
final class PaymentMethodObject {

    private PaymentMethodObject() {
    }

    static JsonObject create(String id, long created, TestCard card, long month, long year, Parameters parameters) {
        JsonObject method = Json.object("id", id, "object", "payment_method", "allow_redisplay",
                parameters.text("allow_redisplay", "unspecified"), "billing_details",
                Json.object("address", Json.noAddress(), "email", null, "name", null, "phone", null, "tax_id", null));
        if (card.isBankAccount()) {
            method.put("us_bank_account", bankAccount(card));
        } else {
            method.put("card", card(card, month, year));
        }
        method.mergeIn(Json.object("created", created, "customer", null, "customer_account", null, "livemode", false,
                "metadata", new JsonObject(), "type", card.type()));
        applyBilling(method, parameters);
        return method;
    }

    static void applyBilling(JsonObject method, Parameters parameters) {
        Parameters billing = parameters.nested("billing_details");
        JsonObject details = method.getJsonObject("billing_details");
        for (String name : new String[] { "email", "name", "phone", "tax_id" }) {
            if (billing.has(name)) {
                details.put(name, billing.text(name));
            }
        }
        Parameters address = billing.nested("address");
        address.json().forEach(entry -> details.getJsonObject("address").put(entry.getKey(),
                "".equals(entry.getValue()) ? null : entry.getValue()));
    }

    private static JsonObject card(TestCard card, long month, long year) {
        return Json.object("brand", card.brand(), "checks",
                Json.object("address_line1_check", null, "address_postal_code_check", null, "cvc_check", "pass"), "country",
                card.country(), "display_brand", card.brand(), "exp_month", month, "exp_year", year, "fingerprint",
                CardNumbers.fingerprint(card.number()), "funding", card.name().endsWith("debit") ? "debit" : "credit",
                "generated_from", null, "last4", card.last4(), "networks",
                Json.object("available", Json.array(card.brand()), "preferred", null), "regulated_status", "unregulated",
                "three_d_secure_usage", Json.object("supported", true), "wallet", null);
    }

    private static JsonObject bankAccount(TestCard account) {
        return Json.object("account_holder_type", "individual", "account_type", "checking", "bank_name", "STRIPE TEST BANK",
                "financial_connections_account", null, "fingerprint", CardNumbers.fingerprint(account.number()), "last4",
                account.last4(), "networks", Json.object("preferred", "ach", "supported", Json.array("ach")), "routing_number",
                "110000000", "status_details", null);
    }
}
