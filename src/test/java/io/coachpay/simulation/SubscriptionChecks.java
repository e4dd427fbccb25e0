package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.OwnerSql;

/** Subscriptions are those that Stripe has, one of them lives, and it alone entitles, as the table of states says. */
public final class SubscriptionChecks {

    private static final Fields FIELDS = new Fields("stripe_subscription_id").plain("status", "/status")
            .plain("stripe_customer_id", "/customer").plain("stripe_price_id", "/items/data/0/price/id")
            .time("current_period_start", "/items/data/0/current_period_start")
            .time("current_period_end", "/items/data/0/current_period_end").time("trial_start", "/trial_start")
            .time("trial_end", "/trial_end").time("cancel_at", "/cancel_at")
            .plain("cancel_at_period_end", "/cancel_at_period_end").time("canceled_at", "/canceled_at")
            .time("ended_at", "/ended_at").plain("cancellation_reason", "/cancellation_details/reason")
            .plain("pending_price_id", "/pending_update/subscription_items/0/price/id")
            .time("pending_expires_at", "/pending_update/expires_at")
            .plain("case when collection_paused then 'paused' end", "/coachpay_paused")
            .plain("latest_invoice", "/latest_invoice");
    private static final String ROWS = "from subscriptions where user_id = any (?::uuid[]) and stripe_subscription_id is not null";
    private static final Set<String> OVER = Set.of("canceled", "incomplete_expired");

    private static final String STORY = "with mine as (select * from subscriptions where user_id = any (?::uuid[])) ";
    private static final Map<String, String> AT_REST = atRest();

    private static final String ENTITLING = """
            select u.id::text as person, max(s.plan_id::text) as plan
              from users u left join subscriptions s on s.user_id = u.id and not s.is_surplus
                   and (s.status in ('trialing', 'active')
                        or s.status = 'past_due' and s.past_due_since >= ?::timestamptz - interval '7 days')
                   and coalesce(s.cancel_at, s.current_period_end + interval '1 year') > ?::timestamptz
             where u.id = any (?::uuid[]) and exists (select from subscriptions a where a.user_id = u.id) group by u.id""";

    private SubscriptionChecks() {
    }

    static List<String> broken(Stage stage) {
        List<String> broken = new ArrayList<>(mirrored(stage.people(), path -> stage.told(path).body()));
        AT_REST.forEach((promise, query) -> OwnerSql.rows(STORY + query, stage.people())
                .forEach(row -> broken.add(promise + ": " + row)));
        String now = stage.now().toString();
        OwnerSql.rows(ENTITLING, now, now, stage.people()).forEach(row -> {
            String told = stage.player(String.valueOf(row.get("person"))).get("/v1/me/entitlements").text("planId");
            if (!told.equals(Objects.requireNonNullElse(row.get("plan"), ""))) {
                broken.add(
                        "%s is entitled by plan %s, and shown plan %s".formatted(row.get("person"), row.get("plan"), told));
            }
        });
        return broken;
    }

    /**
     * Fields that differ between these people's subscriptions and Stripe's, and people who have two at Stripe.
     *
     * @param told the sandbox's answer at a path
     */
    public static List<String> mirrored(String people, Function<String, JsonNode> told) {
        List<String> broken = new ArrayList<>();
        Map<String, String> theirs = new TreeMap<>();
        for (Map.Entry<String, String> customer : customers(people).entrySet()) {
            List<String> alive = new ArrayList<>();
            for (JsonNode subscription : told.apply("/v1/subscriptions?status=all&limit=100&customer=" + customer.getKey())
                    .path("data")) {
                theirs.put(subscription.path("id").asText(), FIELDS.of(paused(subscription)));
                if (!OVER.contains(subscription.path("status").asText())) {
                    alive.add(subscription.path("id").asText());
                    if (subscription.path("default_payment_method").isTextual()) {
                        broken.add("%s has a default of its own".formatted(alive.get(alive.size() - 1)));
                    }
                }
            }
            if (alive.size() > 1) {
                broken.add("%s has %s at Stripe".formatted(customer.getValue(), alive));
            }
        }
        broken.addAll(Fields.compare("subscriptions", FIELDS.rows(ROWS, people), theirs));
        return broken;
    }

    /** Stripe says how the collection is paused, and our row that it is. */
    private static JsonNode paused(JsonNode subscription) {
        return subscription.path("pause_collection").isObject()
                ? ((com.fasterxml.jackson.databind.node.ObjectNode) subscription).put("coachpay_paused", "paused")
                : subscription;
    }

    /** The people by their customers at Stripe, present and past. */
    static Map<String, String> customers(String people) {
        Map<String, String> customers = new LinkedHashMap<>();
        OwnerSql.rows("""
                select user_id, stripe_customer_id as id from stripe_customers where user_id = any (?::uuid[])
                union select user_id, stripe_customer_id from subscriptions where user_id = any (?::uuid[])
                union select user_id, stripe_customer_id from invoices where user_id = any (?::uuid[])
                order by 2""", people, people, people).stream().filter(row -> row.get("id") != null)
                .forEach(row -> customers.put(String.valueOf(row.get("id")), String.valueOf(row.get("user_id"))));
        return customers;
    }

    private static Map<String, String> atRest() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("nothing of a subscription is left half done", """
                select id, status, is_surplus, check_at, wanted_price_id, pending_price_id from mine
                 where status = 'requested' or wanted_price_id is not null or check_at is not null
                   and (status in ('canceled', 'incomplete_expired') or stripe_told_at is null
                        or check_at < stripe_told_at + interval '23 hours')""");
        checks.put("what is one too many has ended", """
                select id, stripe_subscription_id, status from mine
                 where is_surplus and status not in ('canceled', 'incomplete_expired')""");
        checks.put("what is one too many has cost nothing",
                """
                        select s.id, t.id as payment, t.status, t.amount, t.refunded_amount
                          from mine s join invoices i on i.subscription_id = s.id join invoice_payments p on p.invoice_id = i.id
                          join transactions t on t.id = p.transaction_id
                         where s.is_surplus and t.completed_at is not null and t.refunded_amount < t.amount
                           and not exists (select from disputes d where d.transaction_id = t.id)
                           and not exists (select from refunds r where r.transaction_id = t.id and r.status in ('refused', 'failed', 'canceled'))""");
        checks.put("a subscription's plan is its price's", """
                select s.id, s.plan_id, s.stripe_price_id, p.id as sold from mine s
                  left join subscription_plans p on p.stripe_price_id = s.stripe_price_id
                 where s.stripe_subscription_id is not null and s.plan_id is distinct from p.id""");
        return checks;
    }
}
