package io.coachpay.simulation;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Faults between the service and Stripe, in the words of the sandbox's fault plan. */
final class Trouble {

    private static final int MOST_RULES = 5;

    private Trouble() {
    }

    static JsonObject plan(Dice dice) {
        JsonArray requests = new JsonArray();
        JsonArray webhooks = new JsonArray();
        JsonArray settlements = new JsonArray();
        int wrongRequests = dice.chance(0.2) ? 0 : dice.between(1, MOST_RULES);
        for (int i = 0; i < wrongRequests; i++) {
            requests.add(request(dice));
        }
        int wrongWebhooks = dice.chance(0.2) ? 0 : dice.between(1, MOST_RULES);
        for (int i = 0; i < wrongWebhooks; i++) {
            webhooks.add(webhook(dice));
        }
        if (dice.chance(0.3)) {
            settlements.add(new JsonObject().put("probability", 0.5).put("millis", dice.between(1, 80)));
        }
        JsonArray intents = new JsonArray();
        if (dice.chance(0.3)) {
            intents.add(new JsonObject().put("probability", 0.7).put("seconds", dice.between(60, 60 * 60)));
        }
        JsonArray subscriptions = new JsonArray();
        if (dice.chance(0.2)) {
            subscriptions.add(new JsonObject().put("probability", 0.7).put("seconds", dice.between(1, 900)));
        }
        return new JsonObject().put("subscriptions", subscriptions).put("seed", dice.seed()).put("requests", requests)
                .put("webhooks", webhooks)
                .put("settlements", settlements).put("intents", intents);
    }

    private static JsonObject request(Dice dice) {
        String path = dice.oneOf("/v1/*", "/v1/*", "/v1/payment_intents*", "/v1/payment_intents", "/v1/checkout/sessions*",
                "/v1/refunds*", "/v1/customers*", "/v1/accounts*", "/v1/balance*", "/v1/events*", "/v1/transfers*",
                "/v1/payouts*", "/v1/application_fees*", "/v1/disputes*", "/v1/payment_methods*", "/v1/setup_intents*",
                "/v1/subscriptions*", "/v1/invoice*", "/v1/credit_notes*");
        String what = dice.oneOf("latency", "429", "500_before", "500_after", "500_after", "lost_answer", "lost_answer",
                "refuse");
        return rule(dice).put("match", method(dice, path)).put("do", what).put("millis", dice.between(1, 30));
    }

    private static JsonObject method(Dice dice, String path) {
        JsonObject match = new JsonObject().put("path", path);
        return dice.chance(0.5) ? match.put("method", "POST") : match;
    }

    private static JsonObject webhook(Dice dice) {
        String type = dice.oneOf("*", "*", "payment_intent.*", "checkout.session.*", "charge.*", "refund.*", "transfer.*",
                "application_fee.*", "account.*", "balance.available", "customer.*", "payment_method.*", "setup_intent.*",
                "payout.*", "customer.subscription.*", "invoice.*", "invoice_payment.*");
        String what = dice.oneOf("drop", "drop", "duplicate", "delay", "reorder", "reorder", "older_version",
                "newer_version");
        return rule(dice).put("match", new JsonObject().put("type", type)).put("do", what).put("millis", dice.between(1, 80))
                .put("count", dice.between(1, 3));
    }

    private static JsonObject rule(Dice dice) {
        JsonObject rule = new JsonObject().put("probability", dice.between(5, 60) / 100.0);
        return dice.chance(0.5) ? rule.put("times", dice.between(1, 6)) : rule;
    }
}
