package io.coachpay.reconciliation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;

/** Checks sums that are kept against their parts. Each is compared for the given subjects, at one moment. */
final class KeptSums {

    private static final String LAST_DAY = """
            select max(d.day) as day from ledger_daily_totals d join ledger_accounts a on a.id = d.account_id and a.owner_id is null""";

    /**
     * The first equation: all entries sum to zero. It is read from the sums that the others compare, and the entries of the
     * open days. The last closed day is queried before, since a statement with that constant reads only the newest entries.
     */
    private static final String ENTRIES = """
            with summed as (
              select currency, balance as amount from ledger_accounts where owner_id is not null
              union all
              select a.currency, d.amount from ledger_daily_totals d join ledger_accounts a on a.id = d.account_id and a.owner_id is null
               where d.day <= ?
              union all
              select a.currency, e.amount from ledger_entries e join ledger_accounts a on a.id = e.account_id and a.owner_id is null
               where e.id >= ?)
            select 'entries' as kind, 'ledger' as account, '' as subject, currency, sum(amount) as amount, null as stripe_id,
                   null::uuid as transaction_id, 'unknown' as cause, null as details, given.now as since
              from (select ?::timestamptz as now) as given cross join summed
             group by currency, given.now having sum(amount) <> 0""";
    private static final String FIRST_ID = "select id_from(?::date::timestamp at time zone 'UTC') as id";
    private static final LocalDate BEGINNING = LocalDate.of(1970, 1, 1);

    /**
     * An owned account's balance = its balance before a given line + the entries since. The balance before was compared when it
     * was new; from the first line on it is the sum of all.
     */
    private static final String BALANCES = """
            select 'kept_balance' as kind, coalesce(c.stripe_account_id, 'ledger') as account, a.id::text as subject, a.currency,
                   a.balance - since.amount - coalesce(before.amount, 0) as amount, null as stripe_id, null::uuid as transaction_id,
                   'unknown' as cause, a.kind as details, given.now as since
              from (select ?::timestamptz as now) as given
             cross join unnest(?::uuid[], ?::bigint[]) as asked (id, line)
              join ledger_accounts a on a.id = asked.id and a.owner_id is not null
             cross join lateral (select coalesce(sum(e.amount), 0) as amount from ledger_entries e
                                  where e.account_id = a.id and e.line >= asked.line) as since
              left join ledger_entries earlier on earlier.account_id = a.id and earlier.line = asked.line - 1
             cross join lateral (select earlier.balance_after as amount) as before
              left join stripe_connected_accounts c on c.user_id = a.owner_id
             where a.balance <> since.amount + coalesce(before.amount, 0)""";

    /** A shared account keeps the sums of its closed days. */
    private static final String DAYS = """
            with given as materialized (select ?::timestamptz as now, ?::date as day),
            summed as (
              select e.account_id, sum(e.amount) as amount
                from given join ledger_entries e on e.id >= id_from(given.day::timestamp at time zone 'UTC')
                                                and e.id < id_from((given.day + 1)::timestamp at time zone 'UTC')
                join ledger_accounts a on a.id = e.account_id and a.owner_id is null
               group by e.account_id),
            kept as (
              select t.account_id, t.amount from given join ledger_daily_totals t on t.day = given.day
                join ledger_accounts a on a.id = t.account_id and a.owner_id is null)
            select 'kept_balance' as kind, 'ledger' as account, concat(account_id, ' ', given.day) as subject, a.currency,
                   coalesce(k.amount, 0) - coalesce(s.amount, 0) as amount, null as stripe_id, null::uuid as transaction_id,
                   'unknown' as cause, concat(a.kind, ' on ', given.day) as details, given.now as since
              from given cross join (summed s full join kept k using (account_id))
              join ledger_accounts a on a.id = account_id
             where coalesce(k.amount, 0) <> coalesce(s.amount, 0)""";

    /** A part of the second equation: money on its way to coaches' banks, and money that has arrived there. */
    private static final String PAYOUTS = """
            with asked as materialized (
              select id, user_id, stripe_account_id from stripe_connected_accounts
               where id = any (?::uuid[]) or coalesce(stripe_account_id, 'ledger') = any (?::text[])),
            ours as (
              select c.id, a.currency, sum(a.balance) filter (where a.kind = 'coach_in_transit') as in_transit,
                     sum(a.balance) filter (where a.kind = 'coach_paid_out') as paid_out
                from asked c join ledger_accounts a on a.owner_id = c.user_id
               where a.kind in ('coach_in_transit', 'coach_paid_out') group by c.id, a.currency),
            theirs as (
              select p.connected_account_id as id, p.currency,
                     sum(p.amount) filter (where p.status in ('pending', 'in_transit')) as in_transit,
                     sum(p.amount) filter (where p.status = 'paid') as paid_out
                from asked c join payouts p on p.connected_account_id = c.id group by p.connected_account_id, p.currency),
            both_sides as (
              select id, currency, coalesce(o.in_transit, 0) - coalesce(t.in_transit, 0) as in_transit,
                     coalesce(o.paid_out, 0) - coalesce(t.paid_out, 0) as paid_out
                from ours o full join theirs t using (id, currency))
            select figure.kind, coalesce(c.stripe_account_id, 'ledger') as account, '' as subject, b.currency, figure.amount, null as stripe_id,
                   null::uuid as transaction_id, 'unknown' as cause, null as details, given.now as since
              from (select ?::timestamptz as now) as given cross join both_sides b
              join asked c on c.id = b.id
             cross join lateral (values ('in_transit', b.in_transit), ('paid_out', b.paid_out)) as figure (kind, amount)
             where figure.amount <> 0""";

    /**
     * The rest in refund clearing was borne by the platform, for now or for good. A held payment that the platform alone has is
     * kept there until it is refunded: a finding of its own says so.
     */
    private static final String CLEARING = """
            with journal as materialized (
              select j.* from unnest(?::uuid[]) as payment (id) join ledger_journals j on j.transaction_id = payment.id
              union all
              select j.* from unnest(?::text[]) as other (reference)
                join ledger_journals j on j.reference = other.reference and j.transaction_id is null),
            remains as (
              select j.transaction_id, case when j.transaction_id is null then j.reference end as of_none, e.currency,
                     sum(e.amount) as amount, max(j.occurred_at) as last,
                     (array_agg(j.reference order by j.occurred_at desc))[1] as reference
                from journal j join ledger_entries e on e.journal_id = j.id
                join ledger_accounts a on a.id = e.account_id and a.kind = 'refund_clearing'
               group by j.transaction_id, of_none, e.currency having sum(e.amount) <> 0)
            select 'refund_clearing' as kind, 'platform' as account, coalesce(r.transaction_id::text, r.reference) as subject, r.currency,
                   r.amount, r.reference as stripe_id, r.transaction_id,
                   case when r.last > ? then 'in_flight'
                        when exists (select from transfer_steps s where s.transaction_id = r.transaction_id
                                        and s.status = 'waiting_for_funds')
                          or exists (select from refunds f where f.transaction_id = r.transaction_id
                                        and (f.status = 'requested' and f.failure_code like '%balance_insufficient'
                                             or f.status = 'pending' and f.pending_reason = 'insufficient_funds'))
                          then 'short_of_funds'
                        when exists (select from transfer_steps s where s.transaction_id = r.transaction_id and s.status = 'requested')
                          or exists (select from refunds f where f.transaction_id = r.transaction_id and f.status = 'requested')
                          then 'in_flight'
                        when exists (select from transfer_steps s where s.transaction_id = r.transaction_id and s.status = 'refused'
                                        and s.failure_code is distinct from 'withdrawn')
                          or exists (select from refunds f where f.transaction_id = r.transaction_id and f.borne_alone) then 'refused'
                        when exists (select from refunds f where f.transaction_id = r.transaction_id and f.reason = 'stripe_dashboard')
                          or exists (select from transfer_reversals v join transfers t on t.id = v.transfer_id
                                      where t.transaction_id = r.transaction_id and v.refund_id is null)
                          then 'dashboard_action'
                        else 'unknown' end as cause,
                   (select max(f.failure_message) from refunds f where f.transaction_id = r.transaction_id and f.borne_alone) as details,
                   r.last as since
              from remains r
             where not exists (select from transactions t where t.id = r.transaction_id and t.held_at is not null
                                  and r.currency = t.currency and r.amount = t.amount - t.refunded_amount)""";

    private final Rows books;
    private final Instant now;

    KeptSums(Rows books, Instant now) {
        this.books = books;
        this.now = now;
    }

    List<Discrepancy> entries() {
        List<@Nullable LocalDate> closed = books.query(LAST_DAY, row -> row.getObject("day", LocalDate.class));
        LocalDate last = closed.get(0) == null ? BEGINNING : closed.get(0);
        UUID open = books.query(FIRST_ID, row -> row.getObject("id", UUID.class), last.plusDays(1)).get(0);
        return books.query(ENTRIES, Discrepancy::of, last, open, now);
    }

    /** @param asked owned accounts of the ledger, each from a line on */
    List<Discrepancy> balances(Map<UUID, Long> asked) {
        List<UUID> accounts = List.copyOf(asked.keySet());
        return books.query(BALANCES, Discrepancy::of, now, new Rows.Column("uuid", accounts),
                new Rows.Column("int8", accounts.stream().map(asked::get).toList()));
    }

    /** All shared accounts on that day, UTC. */
    List<Discrepancy> day(LocalDate day) {
        return books.query(DAYS, Discrepancy::of, now, day);
    }

    /**
     * @param coaches our rows of connected accounts
     * @param named more of them, by Stripe's ids
     */
    List<Discrepancy> payouts(Collection<UUID> coaches, Collection<String> named) {
        return books.query(PAYOUTS, Discrepancy::of, new Rows.Column("uuid", List.copyOf(coaches)),
                new Rows.Column("text", List.copyOf(named)), now);
    }

    /** @param young movements since then are on their way */
    List<Discrepancy> clearing(BookComparison.Objects objects, Instant young) {
        return books.query(CLEARING, Discrepancy::of, objects.payments(), objects.others(), young);
    }
}
