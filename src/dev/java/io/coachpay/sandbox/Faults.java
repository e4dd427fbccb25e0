package io.coachpay.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The plan of faults, set by {@code PUT /sandbox/faults}, shown by GET, cleared by DELETE. The same seed and the same requests
 * give the same faults.
 *
 * <pre>
 * {"seed": 1,
 *  "requests": [{"match": {"method": "POST", "path": "/v1/payment_intents*"}, "probability": 1.0, "times": 1,
 *                "do": "500_after", "millis": 500}],
 *  "webhooks": [{"match": {"type": "payment_intent.*", "kind": "platform"}, "times": 2, "do": "duplicate", "count": 20}],
 *  "settlements": [{"times": 1, "millis": 2000}],
 *  "intents": [{"times": 1, "seconds": 60}],
 *  "subscriptions": [{"times": 1, "seconds": 5}],
 *  "without": [{"match": {"path": "/v1/refunds"}, "parameters": ["reverse_transfer"], "headers": ["Idempotency-Key"]}]}
 * </pre>
 *
 * The first rule that matches, has {@code times} left (unlimited if absent) and wins its draw ({@code probability}, 1 if
 * absent) applies. In {@code path} and {@code type}, {@code *} matches anything. {@code requests} {@code do}:
 * <ul>
 * <li>{@code latency}: answers after {@code millis}; the idempotency key is in use meanwhile
 * <li>{@code 429}: rate limited, no effect; with {@code retryAfter}, says after how many seconds to ask again
 * <li>{@code 500_before}: an error without effect, not kept under the idempotency key
 * <li>{@code 500_after}: the effect takes place, the answer is an error, and that is what the key replays
 * <li>{@code lost_answer}: the effect takes place, the connection closes (after {@code millis}); the key replays the success
 * <li>{@code no_answer}: no effect, silence for {@code millis} (30 s if absent), then the connection closes
 * <li>{@code refuse}: no effect, the connection closes at once
 * <li>{@code error}: no effect, a refusal with the rule's {@code status}, {@code type}, {@code code}, {@code param} and
 * {@code message}
 * </ul>
 * {@code webhooks} {@code do}: {@code drop}, {@code duplicate} ({@code count} more), {@code delay} ({@code millis}),
 * {@code reorder} (after the next {@code count} events, or {@code millis}), {@code older_version}, {@code newer_version},
 * {@code wrong_secret}. {@code settlements} delay the step that follows a successful charge: its balance transaction, transfer
 * and application fee appear after {@code millis} only. {@code intents} outlive the page that they were paid on: it expires,
 * and they are cancelled {@code seconds} of the virtual clock later, or never without. {@code subscriptions} of paid pages are
 * made {@code seconds} later, one if absent. {@code without} drops these parameters
 * and headers from requests, beside any other fault: so a test can see whether their absence is noticed.
 */
final class Faults {

    private static final List<String> REQUESTS = List.of("latency", "429", "500_before", "500_after", "lost_answer",
            "no_answer",
            "refuse", "error");
    private static final List<String> WEBHOOKS = List.of("drop", "duplicate", "delay", "reorder", "older_version",
            "newer_version",
            "wrong_secret");

    private JsonObject plan = new JsonObject();
    private List<Rule> requests = List.of();
    private List<Rule> webhooks = List.of();
    private List<Rule> settlements = List.of();
    private List<Rule> intents = List.of();
    private List<Rule> subscriptions = List.of();
    private List<Rule> without = List.of();
    private SplittableRandom random = new SplittableRandom(0);

    /** One fault that applies now. */
    record Fault(String what, long millis, int count, JsonObject rule) {
    }

    /** Replaces the plan; the draws start again from its seed. */
    void replace(JsonObject wanted) {
        List<Rule> newRequests = rules(wanted, "requests", REQUESTS);
        List<Rule> newWebhooks = rules(wanted, "webhooks", WEBHOOKS);
        List<Rule> newSettlements = rules(wanted, "settlements", List.of());
        List<Rule> newIntents = rules(wanted, "intents", List.of());
        List<Rule> newSubscriptions = rules(wanted, "subscriptions", List.of());
        List<Rule> newWithout = rules(wanted, "without", List.of());
        for (String name : wanted.fieldNames()) {
            if (!List.of("seed", "requests", "webhooks", "settlements", "intents", "subscriptions", "without").contains(name)) {
                throw StripeError.unknown(name);
            }
        }
        plan = wanted.copy();
        requests = newRequests;
        webhooks = newWebhooks;
        settlements = newSettlements;
        intents = newIntents;
        subscriptions = newSubscriptions;
        without = newWithout;
        random = new SplittableRandom(wanted.getLong("seed", 0L));
    }

    /** The plan, each rule with the number of times it has applied. */
    JsonObject show() {
        JsonObject shown = plan.copy();
        shown.put("requests", shown(requests)).put("webhooks", shown(webhooks)).put("settlements", shown(settlements))
                .put("intents", shown(intents)).put("subscriptions", shown(subscriptions)).put("without", shown(without));
        return shown;
    }

    @Nullable
    Fault forRequest(String method, String path) {
        return first(requests, match -> is(match, "method", method) && like(match, "path", path));
    }

    @Nullable
    Fault forWebhook(String kind, String type) {
        return first(webhooks, match -> is(match, "kind", kind) && like(match, "type", type));
    }

    /** The delay before a successful charge's money moves, in milliseconds. */
    long settlementDelay() {
        Fault fault = first(settlements, match -> true);
        return fault == null ? 0 : fault.millis;
    }

    /** The rule by which an intent outlives its page, or null if it ends with the page. */
    @Nullable
    Fault forIntent() {
        return first(intents, match -> true);
    }

    /** The rule by which a paid page makes its subscription only later, or null if it does so at once. */
    @Nullable
    Fault forSubscription() {
        return first(subscriptions, match -> true);
    }

    /**
     * The names that a request is stripped of.
     *
     * @param what {@code parameters} or {@code headers}
     */
    Set<String> lacking(String method, String path, String what) {
        return without.stream().filter(rule -> is(rule.match, "method", method) && like(rule.match, "path", path))
                .flatMap(rule -> Json.strings(rule.json.getJsonArray(what, new JsonArray())).stream())
                .collect(Collectors.toSet());
    }

    private @Nullable Fault first(List<Rule> rules, Predicate<JsonObject> matches) {
        for (Rule rule : rules) {
            if (rule.left != 0 && matches.test(rule.match) && random.nextDouble() < rule.probability) {
                return rule.apply();
            }
        }
        return null;
    }

    private static boolean is(JsonObject match, String name, String value) {
        String wanted = match.getString(name);
        return wanted == null || wanted.equalsIgnoreCase(value);
    }

    private static boolean like(JsonObject match, String name, String value) {
        String wanted = match.getString(name);
        return wanted == null || like(wanted, value);
    }

    /** Whether the value matches, where {@code *} in the wanted one matches anything. */
    static boolean like(String wanted, String value) {
        return value.matches(("\\Q" + wanted + "\\E").replace("*", "\\E.*\\Q"));
    }

    private static JsonArray shown(List<Rule> rules) {
        JsonArray shown = new JsonArray();
        rules.forEach(rule -> shown.add(rule.json.copy().put("applied", rule.applied)));
        return shown;
    }

    private static List<Rule> rules(JsonObject plan, String name, List<String> allowed) {
        List<Rule> rules = new ArrayList<>();
        for (Object each : plan.getJsonArray(name, new JsonArray())) {
            if (!(each instanceof JsonObject json)) {
                throw StripeError.invalid("Each rule is an object.", name);
            }
            String what = json.getString("do", "");
            if (!allowed.isEmpty() && !allowed.contains(what)) {
                throw StripeError.invalid("do must be one of " + String.join(", ", allowed), name + "[do]");
            }
            rules.add(new Rule(json));
        }
        return rules;
    }

    private static final class Rule {

        private final JsonObject json;
        private final JsonObject match;
        private final double probability;
        private long left;
        private long applied;

        Rule(JsonObject json) {
            this.json = json;
            this.match = json.getJsonObject("match", new JsonObject());
            this.probability = json.getDouble("probability", 1.0);
            // negative never reaches zero: unlimited
            this.left = json.getLong("times", -1L);
        }

        Fault apply() {
            left--;
            applied++;
            return new Fault(json.getString("do", ""), json.getLong("millis", 0L), json.getInteger("count", 1), json);
        }
    }
}
