package io.coachpay.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.coachpay.OwnerSql;

/** The plans of a story, and the subscriptions and invoices of its people. */
final class Subscriptions {

    static final String MINE = "/v1/me/subscription";
    static final String NONE = "there is none";

    private static final String LIVE = """
            select stripe_subscription_id as id, current_period_end as ends from subscriptions
             where user_id = any (?::uuid[]) and stripe_subscription_id is not null
               and status not in ('canceled', 'incomplete_expired') order by id desc""";
    private static final String LATEST_INVOICE = """
            select i.id::text as id, i.stripe_invoice_id as invoice, i.status, t.stripe_charge_id as charge,
                   t.stripe_payment_intent_id as intent
              from invoices i left join invoice_payments p on p.invoice_id = i.id and p.status <> 'canceled'
              left join transactions t on t.id = p.transaction_id
             where i.user_id = ?::uuid and i.status = any (?::text[]) and i.amount > 0 order by i.issued_at desc, i.id desc limit 1""";

    private static final List<Offer> OFFERS = List.of(new Offer("9.00", 0, "basic", Map.of("platformFeePercentage", 12)),
            new Offer("41.50", 0, "pro", Map.of("platformFeePercentage", 7.5, "creditBonusPercentage", 10)),
            new Offer("19.99", 2, "trial", Map.of("creditBonusPercentage", 2.5)));
    static final int PLANS = OFFERS.size();

    private final Stage stage;
    private final Map<Integer, String> plans = new HashMap<>();
    private final Map<String, Instant> periods = new HashMap<>();

    Subscriptions(Stage stage) {
        this.stage = stage;
    }

    /** The terms of a plan by the month: a cheap one, a dear one, and one that begins with a trial. */
    private record Offer(String amount, int trialDays, String tier, Map<String, ? extends Number> benefits) {
    }

    /** An invoice, and what its payment is at Stripe, if it has one. */
    record Billed(String id, String invoice, String status, @Nullable String charge, @Nullable String intent) {
    }

    /** The story's plan of that number, which its administrator offers when somebody first wants it. */
    synchronized String plan(int number) {
        return plans.computeIfAbsent(number, any -> {
            Offer offer = OFFERS.get(number);
            Reply made = stage.admin().post("/v1/admin/plans", Map.of("name", "Plan " + number, "audience", "user", "amount",
                    Map.of("amount", offer.amount(), "currency", "USD"), "interval", "month", "tier", offer.tier(),
                    "trialDays", offer.trialDays(), "benefits", offer.benefits()));
            if (!made.ok()) {
                throw new IllegalStateException("No plan: " + made.body());
            }
            return made.text("id");
        });
    }

    String priceOf(int plan) {
        return OwnerSql.rows("select stripe_price_id as id from subscription_plans where id = ?::uuid", plan(plan)).stream()
                .map(row -> row.get("id")).filter(id -> id != null).map(Object::toString).findFirst().orElse("");
    }

    /** Does something with the live subscription of a person at Stripe, {@code sub_…}. */
    String live(int person, Function<String, String> with) {
        return OwnerSql.rows(LIVE, "{" + stage.person(person).id() + "}").stream()
                .map(row -> with.apply(String.valueOf(row.get("id")))).findFirst().orElse(NONE);
    }

    /** The time until the period of a person's subscription ends, if it has one. */
    @Nullable
    Duration untilRenewal(int person) {
        return OwnerSql.rows(LIVE, "{" + stage.person(person).id() + "}").stream().map(row -> row.get("ends"))
                .filter(ends -> ends != null).map(ends -> ((java.sql.Timestamp) ends).toInstant())
                .map(ends -> Duration.between(stage.now(), ends)).findFirst().orElse(null);
    }

    /** Does something with the latest invoice of a person in one of these states, an array as PostgreSQL writes it. */
    String invoice(int person, String states, Function<Billed, String> with) {
        return OwnerSql.rows(LATEST_INVOICE, stage.person(person).id(), states).stream()
                .map(row -> with.apply(new Billed(String.valueOf(row.get("id")), String.valueOf(row.get("invoice")),
                        String.valueOf(row.get("status")), (String) row.get("charge"), (String) row.get("intent"))))
                .findFirst().orElse(NONE);
    }

    /** Ends what is alive, and takes the plans out of sale: no later story renews the one or offers the others. */
    void leave() {
        OwnerSql.rows(LIVE, stage.people())
                .forEach(row -> stage.deletedAtStripe("/v1/subscriptions/" + row.get("id")));
        plans.values().forEach(plan -> stage.admin().patch("/v1/admin/plans/" + plan, Map.of("active", false)));
        stage.quiet();
    }

    /** Periods that end earlier than they did at the last call: paid days that were lost. */
    List<String> wentBack() {
        List<String> back = new ArrayList<>();
        OwnerSql.rows(LIVE, stage.people()).stream().filter(row -> row.get("ends") != null).forEach(row -> {
            Instant ends = ((java.sql.Timestamp) row.get("ends")).toInstant();
            Instant before = periods.put(String.valueOf(row.get("id")), ends);
            if (before != null && ends.isBefore(before)) {
                back.add("the period of %s ended %s, and now %s".formatted(row.get("id"), before, ends));
            }
        });
        return back;
    }
}
