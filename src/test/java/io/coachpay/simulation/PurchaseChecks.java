package io.coachpay.simulation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;

/**
 * Compares purchases of credits and payments of subscriptions, which no coach's account shows, with Stripe's objects: their
 * payments, refunds and disputes.
 */
final class PurchaseChecks {

    private static final String PURCHASES = """
            select id, stripe_payment_intent_id as intent, amount, status, type,
                   status in ('completed', 'partially_refunded', 'refunded') as paid from transactions
             where payer_id = any (?::uuid[]) and type in ('credit_purchase', 'subscription_payment') and stripe_payment_intent_id is not null""";
    private static final Map<String, String> STATES = Map.of("completed", "succeeded", "partially_refunded", "succeeded",
            "refunded", "succeeded", "canceled", "canceled", "processing", "processing");
    private static final String REFUNDS = """
            select stripe_refund_id as id, amount, status from refunds
             where transaction_id = ?::uuid and stripe_refund_id is not null""";
    private static final String DISPUTES = """
            select stripe_dispute_id as id, amount, status from disputes where transaction_id = ?::uuid""";

    private PurchaseChecks() {
    }

    static List<String> broken(Stage stage) {
        List<String> broken = new ArrayList<>();
        for (Map<String, Object> purchase : OwnerSql.rows(PURCHASES, stage.people())) {
            String id = String.valueOf(purchase.get("id"));
            String intent = String.valueOf(purchase.get("intent"));
            JsonNode told = stage.told("/v1/payment_intents/" + intent).body();
            broken.addAll(StripeChecks.compare("purchase " + id, Map.of("received", Boolean.TRUE.equals(purchase.get("paid"))
                    ? StripeChecks.plain((BigDecimal) purchase.get("amount"))
                    : "0"), Map.of("received", money(told, "amount_received"))));
            if ("subscription_payment".equals(purchase.get("type"))) {
                String status = told.path("status").asText();
                broken.addAll(StripeChecks.compare("payment of a subscription " + id,
                        Map.of("state", STATES.getOrDefault(String.valueOf(purchase.get("status")), "open")),
                        Map.of("state", STATES.containsValue(status) ? status : "open")));
            }
            broken.addAll(StripeChecks.compare("refunds of purchase " + id, ours(REFUNDS, id),
                    theirs(stage.list("/v1/refunds?limit=100&payment_intent=" + intent))));
            broken.addAll(StripeChecks.compare("disputes of purchase " + id, ours(DISPUTES, id),
                    theirs(stage.list("/v1/disputes?limit=100&payment_intent=" + intent))));
        }
        return broken;
    }

    private static Map<String, String> ours(String query, String purchase) {
        return OwnerSql.rows(query, purchase).stream().collect(Collectors.toMap(row -> String.valueOf(row.get("id")),
                row -> StripeChecks.plain((BigDecimal) row.get("amount")) + " " + row.get("status")));
    }

    private static Map<String, String> theirs(JsonNode objects) {
        Map<String, String> theirs = new TreeMap<>();
        objects.forEach(object -> theirs.put(object.path("id").asText(),
                money(object, "amount") + " " + object.path("status").asText()));
        return theirs;
    }

    private static String money(JsonNode object, String field) {
        return StripeChecks.plain(BigDecimal.valueOf(object.path(field).asLong(), 2));
    }
}
