package io.coachpay.simulation;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.coachpay.OwnerSql;
import io.coachpay.ledger.ForgivingLedger;
import io.coachpay.payout.EagerHoldings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Faults of a worse service, produced without changing a line of it: between it and Stripe, in the database beneath it, by jobs
 * that do not run, or by a bean in place of another. A simulation that finds none of these would find nothing else either.
 */
enum Defect {

    /** Refunds are the platform's loss: nobody reverses the coach's share. */
    SKIPS_THE_REVERSAL(without("/v1/refunds", "parameters", "reverse_transfer"), null, Set.of()),

    /** A repeated request is another request. */
    DROPS_THE_KEY(without("/v1/*", "headers", "Idempotency-Key"), null, Set.of()),

    /** A refused key is taken for the coach's having left: some calls get such an answer. */
    BLAMES_THE_COACH_FOR_THE_KEY(disowned("/v1/refunds", "/v1/transfers*"), null, Set.of()),

    /** A request of a person that Stripe refused is sent again forever, whatever the person has corrected. */
    FREEZES_WHAT_WAS_REFUSED(new JsonObject(), """
            create trigger defect before update on stripe_customers for each row
              when (old.stripe_customer_id is null and new.stripe_customer_id is null) execute function defect_frozen()""",
            Set.of()),

    /** The last event wins, however old it is, while events of accounts often come late. */
    IGNORES_THE_ORDER(late("account.updated", 0.4), """
            create trigger defect before update on stripe_connected_accounts for each row execute function defect_ageless()""",
            Set.of()),

    /** An ended payment stays ended, though it is paid, while payments often outlive their page. */
    BELIEVES_IN_ENDS(outlived(), """
            create trigger defect before update on transactions for each row
              when (old.status = 'canceled' and new.status = 'completed') execute function defect_refused()""", Set.of()),

    /** A fact that is reported twice is booked twice. */
    BOOKS_TWICE(new JsonObject(), """
            create trigger defect before insert on ledger_journals for each row
              when (new.kind in ('refunded', 'transfer_reversed', 'fee_refunded')) execute function defect_as_if_new()""",
            Set.of()),

    /** Lines that Stripe makes by itself never come into the books. */
    NEVER_ADJUSTS(new JsonObject(), """
            create trigger defect before insert on ledger_journals for each row
              when (new.kind = 'adjusted') execute function defect_skips()""", Set.of()),

    /** A refund is over although the coach's part of a won dispute is still on its way. */
    SETTLES_TOO_SOON(new JsonObject(), """
            create trigger defect before update on refunds for each row execute function defect_hasty()""", Set.of()),

    /** An amount due to a payer is forgotten once it was asked for, while no event reports what others give back. */
    FORGETS_WHAT_IS_DUE(unheard("refund.*", "charge.refunded", "charge.refund.updated"), """
            create trigger defect before update on transactions for each row execute function defect_forgetful()""", Set.of()),

    /** Earnings are paid out as soon as their session is over. */
    PAYS_TOO_SOON(EagerHoldings::be),

    /** No job completes what was cut off. */
    FORGETS_THE_SWEEPERS(new JsonObject(), null, Set.of("payment-check", "refund-check", "hold-expiry")),

    /** Each page that is reported as paid grants credits, whether or not its payment did. */
    GRANTS_TWICE(new JsonObject(), """
            create trigger defect after update on stripe_events for each row
              when (new.type = 'checkout.session.completed' and old.status <> 'processed' and new.status = 'processed')
              execute function defect_grants()""", Set.of()),

    /** A page that is complete keeps nothing of the capacity, though its payment is still under way. */
    FORGETS_RESERVATIONS(new JsonObject(), """
            create trigger defect before update on checkout_sessions for each row
              when (new.status = 'complete' and new.reserved_credits > 0) execute function defect_unreserved()""", Set.of()),

    /** No more credits are taken back than the wallet holds: who spends them first keeps the money too. */
    FORGIVES_DEBTS(ForgivingLedger::be),

    /** A subscription ends only if it is said to end with its period: the moment that people set in the portal is not seen. */
    READS_THE_FLAG_ALONE(new JsonObject(), """
            create trigger defect before update on subscriptions for each row
              when (new.cancel_at is not null and not new.cancel_at_period_end) execute function defect_endless()""", Set.of()),

    /** Money is taken from invoices that are reported as paid, and from their payments. */
    TAKES_MONEY_FROM_INVOICES(new JsonObject(), """
            create trigger defect after update on stripe_events for each row
              when (new.type = 'invoice.paid' and old.status <> 'processed' and new.status = 'processed')
              execute function defect_bills()""", Set.of()),

    /** The beginning of a subscription is reported late, and counts more than what it became in the same second. */
    LETS_THE_BEGINNING_WIN(late("customer.subscription.created", 1), """
            create trigger defect after update on stripe_events for each row
              when (new.type = 'customer.subscription.created' and old.status <> 'processed' and new.status = 'processed')
              execute function defect_begins()""", Set.of());

    private static final List<String> FUNCTIONS = List.of("""
            create or replace function defect_frozen() returns trigger language plpgsql as $$
            begin
              return old;
            end $$""", """
            create or replace function defect_ageless() returns trigger language plpgsql as $$
            begin
              new.stripe_as_of := null;
              return new;
            end $$""", """
            create or replace function defect_refused() returns trigger language plpgsql as $$
            begin
              raise exception 'A payment that is canceled cannot become completed';
            end $$""", """
            create or replace function defect_as_if_new() returns trigger language plpgsql as $$
            begin
              new.reference := new.reference || ' ' || gen_random_uuid();
              return new;
            end $$""", """
            create or replace function defect_skips() returns trigger language plpgsql as $$
            begin
              return null;
            end $$""", """
            create or replace function defect_hasty() returns trigger language plpgsql as $$
            begin
              if new.status = 'succeeded' and (old.status = 'succeeded' and old.check_at is null
                   or exists (select from transfer_steps s where s.transaction_id = new.transaction_id
                   and s.dispute_id is not null and s.status in ('requested', 'waiting_for_funds'))) then
                new.check_at := null;
              end if;
              return new;
            end $$""", """
            create or replace function defect_forgetful() returns trigger language plpgsql as $$
            begin
              new.refund_due := null;
              new.refund_due_reason := null;
              return new;
            end $$""",
            """
                    create or replace function defect_grants() returns trigger language plpgsql as $$
                    begin
                      perform post_journals(granted.journals[:1], array['credits_bought'], array[new.event_id],
                          array[granted.transaction_id], array[granted.occurred_at], granted.ids, granted.journals, granted.kinds,
                          granted.owners, granted.currencies, granted.amounts)
                        from (select j.transaction_id, j.occurred_at,
                                     array_agg((left(id_from(clock_timestamp())::text, 14) || substr(gen_random_uuid()::text, 15))::uuid) as ids,
                                     array_fill(gen_random_uuid(), array[count(*)::int]) as journals, array_agg(a.kind) as kinds,
                                     array_agg(a.owner_id) as owners, array_agg(a.currency) as currencies, array_agg(e.amount) as amounts
                                from ledger_journals j join ledger_entries e on e.journal_id = j.id
                                join ledger_accounts a on a.id = e.account_id
                               where j.kind = 'credits_bought' and j.reference = new.payload::jsonb #>> '{data,object,payment_intent}'
                               group by j.id) as granted;
                      return null;
                    end $$""",
            """
                    create or replace function defect_unreserved() returns trigger language plpgsql as $$
                    begin
                      new.reserved_credits := 0;
                      return new;
                    end $$""",
            """
                    create or replace function defect_endless() returns trigger language plpgsql as $$
                    begin
                      new.cancel_at := null;
                      return new;
                    end $$""",
            """
                    create or replace function defect_bills() returns trigger language plpgsql as $$
                    begin
                      perform post_journals(paid.journals[:1], array['subscription_paid'], array[new.event_id],
                          array[paid.transaction_id], array[paid.occurred_at], paid.ids, paid.journals, paid.kinds,
                          paid.owners, paid.currencies, paid.amounts)
                        from (select j.transaction_id, j.occurred_at,
                                     array_agg((left(id_from(clock_timestamp())::text, 14) || substr(gen_random_uuid()::text, 15))::uuid) as ids,
                                     array_fill(gen_random_uuid(), array[count(*)::int]) as journals, array_agg(a.kind) as kinds,
                                     array_agg(a.owner_id) as owners, array_agg(a.currency) as currencies, array_agg(e.amount) as amounts
                                from invoices i join invoice_payments p on p.invoice_id = i.id
                                join ledger_journals j on j.transaction_id = p.transaction_id and j.kind = 'subscription_paid'
                                join ledger_entries e on e.journal_id = j.id join ledger_accounts a on a.id = e.account_id
                               where i.stripe_invoice_id = new.payload::jsonb #>> '{data,object,id}'
                               group by j.id) as paid;
                      return null;
                    end $$""",
            """
                    create or replace function defect_begins() returns trigger language plpgsql as $$
                    begin
                      update subscriptions set status = new.payload::jsonb #>> '{data,object,status}'
                       where stripe_subscription_id = new.payload::jsonb #>> '{data,object,id}'
                         and status in ('active', 'trialing') and abs(extract(epoch from stripe_as_of - new.created)) <= 1;
                      return null;
                    end $$""");

    private final JsonObject faults;
    private final @Nullable String trigger;
    private final Set<String> forgotten;
    private final Consumer<Boolean> worse;

    /**
     * @param faults that last to the end, in the words of the sandbox's fault plan
     * @param trigger named {@code defect}, that makes the database do wrong
     * @param forgotten jobs that never run
     */
    Defect(JsonObject faults, @Nullable String trigger, Set<String> forgotten) {
        this.faults = faults;
        this.trigger = trigger;
        this.forgotten = forgotten;
        this.worse = introduced -> {
        };
    }

    /** @param worse makes a bean that replaces one of the service's do wrong, or stops it */
    Defect(Consumer<Boolean> worse) {
        this.faults = new JsonObject();
        this.trigger = null;
        this.forgotten = Set.of();
        this.worse = worse;
    }

    private static JsonObject without(String path, String what, String name) {
        return new JsonObject().put("without", new JsonArray().add(new JsonObject()
                .put("match", new JsonObject().put("method", "POST").put("path", path)).put(what, new JsonArray().add(name))));
    }

    /** Half of these calls are refused as if the account were not ours any more. */
    private static JsonObject disowned(String... paths) {
        JsonArray rules = new JsonArray();
        for (String path : paths) {
            rules.add(new JsonObject().put("match", new JsonObject().put("method", "POST").put("path", path))
                    .put("probability", 0.5).put("do", "error").put("status", 403).put("code", "account_invalid"));
        }
        return new JsonObject().put("requests", rules);
    }

    /** Some come so late that later ones overtake them. */
    private static JsonObject late(String type, double probability) {
        return new JsonObject().put("webhooks",
                new JsonArray().add(new JsonObject().put("match", new JsonObject().put("type", type))
                        .put("do", "delay").put("millis", 1500).put("probability", probability)));
    }

    /** No webhook brings these: the listings of the next hour do. */
    private static JsonObject unheard(String... types) {
        JsonArray rules = new JsonArray();
        for (String type : types) {
            rules.add(new JsonObject().put("match", new JsonObject().put("type", type)).put("do", "drop"));
        }
        return new JsonObject().put("webhooks", rules);
    }

    private static JsonObject outlived() {
        return new JsonObject().put("intents", new JsonArray().add(new JsonObject().put("seconds", 24 * 60 * 60)));
    }

    JsonObject faults() {
        return faults;
    }

    Set<String> forgotten() {
        return forgotten;
    }

    void begin() {
        worse.accept(true);
        if (trigger != null) {
            FUNCTIONS.forEach(OwnerSql::run);
            OwnerSql.run(trigger);
        }
    }

    void end() {
        worse.accept(false);
        if (trigger != null) {
            OwnerSql.run("drop trigger defect on " + trigger.replaceAll("(?s).* on (\\w+) for each.*", "$1"));
        }
    }
}
