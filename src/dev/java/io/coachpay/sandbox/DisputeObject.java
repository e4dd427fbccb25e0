package io.coachpay.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Builds dispute objects, complete with the evidence that nobody has given yet. */
final class DisputeObject {

    /** The fields of evidence that are text; the others are files. */
    static final List<String> TEXTS = List.of("access_activity_log", "billing_address", "cancellation_policy_disclosure",
            "cancellation_rebuttal", "customer_email_address", "customer_name", "customer_purchase_ip",
            "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "refund_policy_disclosure",
            "refund_refusal_explanation", "service_date", "shipping_address", "shipping_carrier", "shipping_date",
            "shipping_tracking_number", "uncategorized_text");
    private static final List<String> FILES = List.of("cancellation_policy", "customer_communication", "customer_signature",
            "duplicate_charge_documentation", "receipt", "refund_policy", "service_documentation", "shipping_documentation",
            "uncategorized_file");

    private DisputeObject() {
    }

    /**
     * @param reason as Stripe names it, for example {@code fraudulent}
     * @param dueBy the second until which evidence is taken, or null if none is asked for
     */
    static JsonObject create(String id, JsonObject charge, long amount, String status, String reason, long created,
            @Nullable Long dueBy) {
        boolean inquiry = status.startsWith("warning");
        JsonObject dispute = Json.object("id", id, "object", "dispute", "amount", amount, "balance_transactions",
                new JsonArray(), "charge", charge.getString("id"), "created", created, "currency",
                charge.getString("currency"), "enhanced_eligibility_types", new JsonArray(), "evidence", evidence(),
                "evidence_details",
                Json.object("due_by", dueBy, "enhanced_eligibility", new JsonObject(), "has_evidence", false, "past_due", false,
                        "submission_count", 0),
                "is_charge_refundable", inquiry, "livemode", false, "metadata", new JsonObject(), "payment_intent",
                charge.getString("payment_intent"), "reason", reason, "status", status);
        JsonObject paid = charge.getJsonObject("payment_method_details");
        if (paid.getString("type").equals("card")) {
            String brand = paid.getJsonObject("card").getString("brand");
            dispute.put("payment_method_details",
                    Json.object("card", Json.object("brand", brand, "case_type", inquiry ? "inquiry" : "chargeback", "network",
                            brand, "network_reason_code", reason.equals("fraudulent") ? "10.4" : "13.1"), "type", "card"));
        }
        return dispute;
    }

    /** The parameters of evidence as the API takes them. */
    static String evidenceParameters() {
        return "evidence{" + String.join(" ", TEXTS) + " " + String.join(" ", FILES) + " enhanced_evidence*}";
    }

    /** Merges the sent fields into the evidence; an empty text removes a field. */
    static void apply(JsonObject dispute, Parameters sent) {
        JsonObject evidence = dispute.getJsonObject("evidence");
        for (String name : TEXTS) {
            if (sent.has(name)) {
                evidence.put(name, sent.text(name));
            }
        }
        for (String name : FILES) {
            if (sent.has(name)) {
                evidence.put(name, sent.text(name));
            }
        }
        boolean any = evidence.fieldNames().stream()
                .anyMatch(name -> !name.equals("enhanced_evidence") && evidence.getValue(name) != null);
        dispute.getJsonObject("evidence_details").put("has_evidence", any);
    }

    private static JsonObject evidence() {
        JsonObject evidence = new JsonObject();
        TEXTS.forEach(name -> evidence.put(name, null));
        FILES.forEach(name -> evidence.put(name, null));
        return evidence.put("enhanced_evidence", new JsonObject());
    }
}
