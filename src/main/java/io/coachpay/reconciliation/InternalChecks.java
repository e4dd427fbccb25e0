package io.coachpay.reconciliation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.coachpay.access.Rows;

/** Finds errors and open work in our own rows. Each check selects the columns of {@link Discrepancy}. */
final class InternalChecks {

    private static final int MOST = 1000;

    /**
     * Transfer requests waiting for funds, and refused ones until others of the same purpose have moved as much. Withdrawn
     * requests are ours, not Stripe's, and are left out.
     */
    private static final String STEPS = """
            select case s.status when 'refused' then 'refused_step' else 'waiting_step' end as kind,
                   coalesce(t.destination_account, 'platform') as account, s.id::text as subject, s.currency, s.amount,
                   s.stripe_id, s.transaction_id, case s.status when 'refused' then 'refused' when 'requested' then 'unknown'
                   else 'short_of_funds' end as cause,
                   concat_ws(', ', s.purpose, s.failure_message) as details, s.created_at as since
              from (select ?::timestamptz as now) as given
             cross join transfer_steps s join transactions t on t.id = s.transaction_id
             where s.status = 'waiting_for_funds' or s.status = 'requested' and s.created_at < given.now - interval '1 day'
                or s.status = 'refused' and s.stripe_id is null
                   and coalesce(s.failure_code, '') not in ('withdrawn', 'withdrawn_by_administrator') and s.amount > (
                   select coalesce(sum(later.amount), 0) from transfer_steps later
                    where later.transaction_id = s.transaction_id and later.purpose = s.purpose and later.kind = s.kind
                      and later.transfer_id is not distinct from s.transfer_id and later.id > s.id
                      and (later.status <> 'refused' or later.stripe_id is not null))
             order by s.id desc limit ?""";

    /**
     * Amounts due to a payer that nothing brings, since the newest refund was refused or has failed. Where nothing is due, or
     * no longer, refusals of refunds asked for beyond that, until later refunds have brought as much. A refusal that the caller
     * got as an answer is not a finding.
     */
    private static final String REFUNDS = """
            select case r.status when 'refused' then 'refused_refund' else 'failed_refund' end as kind, 'platform' as account,
                   r.id::text as subject, r.currency,
                   case when back.gone < t.refund_due then t.refund_due - back.gone else r.amount end as amount,
                   r.stripe_refund_id as stripe_id, r.transaction_id, 'refused' as cause,
                   concat_ws(', ', r.reason, coalesce(r.failure_message, r.failure_code)) as details, r.created_at as since
              from refunds r join transactions t on t.id = r.transaction_id
             cross join lateral (
                   select coalesce(sum(f.amount), 0) + (select coalesce(sum(d.withdrawn_amount), 0) from disputes d
                                                         where d.transaction_id = r.transaction_id) as gone,
                          coalesce(sum(f.amount) filter (where f.id > r.id), 0) as later
                     from refunds f where f.transaction_id = r.transaction_id and f.status not in ('refused', 'failed', 'canceled')
                   ) as back
             where r.status in ('refused', 'failed', 'canceled') and back.gone < t.amount
               and case when back.gone < t.refund_due then not exists (
                             select from refunds later where later.transaction_id = r.transaction_id and later.id > r.id
                                and later.status in ('refused', 'failed', 'canceled'))
                        else r.status = 'refused' and r.reason is distinct from t.refund_due_reason and back.later < r.amount
                             and coalesce(r.failure_code, '') not in ('exceeds_remainder', 'payment_disputed', 'withdrawn') end
             order by r.id desc limit ?""";
    private static final String REFUSED_PAYMENTS = """
            select 'refused_payment' as kind, coalesce(t.destination_account, 'platform') as account, t.id::text as subject, t.currency,
                   t.amount, t.stripe_payment_intent_id as stripe_id, t.id as transaction_id, 'refused' as cause,
                   concat_ws(', ', t.failure_code, t.failure_message) as details, t.refused_at as since
              from transactions t
             where t.refused_at > ?::timestamptz - interval '14 days' and t.status in ('failed', 'canceled') and not exists (
                   select from transactions paid
                    where (paid.session_id = t.session_id or paid.package_id = t.package_id and paid.payer_id = t.payer_id
                             and paid.created_at > t.created_at)
                      and paid.status in ('completed', 'partially_refunded', 'refunded') and paid.held_at is null)
             order by t.id desc limit ?""";

    /** Stripe contradicted itself. The money is booked; the payment's own page says what became of it. */
    private static final String LATE_PAYMENTS = """
            select 'late_payment' as kind, coalesce(t.destination_account, 'platform') as account, t.id::text as subject, t.currency,
                   t.amount, t.stripe_payment_intent_id as stripe_id, t.id as transaction_id, 'unknown' as cause,
                   case when t.surplus then 'paid twice, ' else '' end || t.status as details, t.late_at as since
              from transactions t where t.late_at is not null order by t.id desc limit ?""";

    /** Until all of it is back with its payer, or the payer's bank has taken it for good. */
    private static final String MISMATCHES = """
            select 'amount_mismatch' as kind, coalesce(t.destination_account, 'platform') as account, t.id::text as subject, t.currency,
                   t.amount - back.gone as amount, t.stripe_payment_intent_id as stripe_id, t.id as transaction_id, 'unknown' as cause,
                   t.mismatch as details, t.held_at as since
              from transactions t
             cross join lateral (
                   select t.refunded_amount + coalesce(sum(d.withdrawn_amount), 0) as gone from disputes d
                    where d.transaction_id = t.id and d.closed_at is not null) as back
             where t.held_at is not null and back.gone < t.amount order by t.id desc limit ?""";

    /** Stripe says that a page is complete, and made no payment on it. Each of our pages asks for an amount. */
    private static final String UNPAID_PAGES = """
            select 'unpaid_page' as kind, coalesce(t.destination_account, 'platform') as account, t.id::text as subject, t.currency,
                   t.amount, c.stripe_session_id as stripe_id, t.id as transaction_id, 'unknown' as cause,
                   t.status as details, c.updated_at as since
              from transactions t join checkout_sessions c on c.transaction_id = t.id and c.status = 'complete'
             where t.status in ('pending', 'failed') and t.stripe_payment_intent_id is null
             order by t.id desc limit ?""";

    /** Stripe made no credit note for a refund; or made one for a refund that failed, until somebody voids it. */
    private static final String CREDIT_NOTES = """
            select 'credit_note' as kind, 'platform' as account, n.id::text as subject, n.currency, n.amount,
                   coalesce(n.stripe_credit_note_id, i.stripe_invoice_id) as stripe_id, r.transaction_id, 'refused' as cause,
                   case n.status when 'refused' then concat_ws(', ', 'no credit note', n.failure_code)
                   else concat_ws(', ', 'the refund failed', r.stripe_refund_id, n.number) end as details, n.created_at as since
              from credit_notes n join refunds r on r.id = n.refund_id join invoices i on i.id = n.invoice_id
             where n.status = 'refused' and n.failure_code is distinct from 'refund_failed' or n.status = 'issued' and r.status in ('failed', 'canceled')
             order by n.id desc limit ?""";

    /** The newest invoice of each subscription that none of ours is, until no other has come for two months. */
    private static final String FOREIGN_SUBSCRIPTIONS = """
            select distinct on (i.stripe_subscription_id) 'foreign_subscription' as kind, 'platform' as account,
                   i.stripe_subscription_id as subject, i.currency, i.amount, i.stripe_subscription_id as stripe_id,
                   null::uuid as transaction_id, 'dashboard_action' as cause,
                   concat_ws(', ', i.stripe_customer_id, i.stripe_invoice_id, i.status) as details, i.issued_at as since
              from invoices i
             where i.stripe_subscription_id is not null and i.subscription_id is null and i.status <> 'deleted'
               and i.issued_at > ?::timestamptz - interval '60 days'
             order by i.stripe_subscription_id, i.issued_at desc limit ?""";

    private static final String MISSING_SUBSCRIPTIONS = """
            select 'missing_subscription' as kind, 'platform' as account, s.stripe_subscription_id as subject,
                   null::bpchar as currency, null::numeric as amount, s.stripe_subscription_id as stripe_id,
                   null::uuid as transaction_id, 'unknown' as cause, s.stripe_customer_id as details, s.missing_at as since
              from subscriptions s where s.missing_at is not null order by s.missing_at desc limit ?""";

    /** Nothing was charged, so that no refund gives it back: until a credit note puts as much onto the balance. */
    private static final String SURPLUS_BALANCES = """
            select 'surplus_balance' as kind, 'platform' as account, i.id::text as subject, i.currency,
                   i.ending_balance - i.starting_balance as amount, i.stripe_invoice_id as stripe_id, null::uuid as transaction_id,
                   'unknown' as cause, concat_ws(', ', i.stripe_customer_id, s.stripe_subscription_id) as details,
                   i.paid_at as since
              from invoices i join subscriptions s on s.id = i.subscription_id
             where s.is_surplus and i.status = 'paid' and i.ending_balance > i.starting_balance
               and i.ending_balance - i.starting_balance > (
                   select coalesce(sum(n.amount), 0) from credit_notes n
                    where n.invoice_id = i.id and n.status = 'issued' and n.refund_id is null)
             order by i.id desc limit ?""";
    private static final String STUCK_HOLDS = """
            select 'stuck_hold' as kind, 'platform' as account, s.id::text as subject, s.currency, s.price_amount as amount,
                   t.stripe_payment_intent_id as stripe_id, t.id as transaction_id, 'unknown' as cause,
                   coalesce('its payment is ' || t.status, 'it has no payment') as details, s.hold_expires_at as since
              from sessions s left join transactions t on t.session_id = s.id and t.status <> 'canceled' and not t.surplus
                   and t.held_at is null
             where s.status = 'pending_payment' and s.hold_expires_at < ?::timestamptz - interval '1 day'
             order by s.id desc limit ?""";

    /**
     * Refunds that a payer waits for: for funds of the platform's or the coach's balance, as the details say; or for Stripe,
     * for so long that a person should look.
     */
    private static final String WAITING_REFUNDS = """
            select 'waiting_refund' as kind, 'platform' as account, r.id::text as subject, r.currency, r.amount,
                   r.stripe_refund_id as stripe_id, r.transaction_id,
                   case when r.failure_code like '%balance_insufficient' or r.pending_reason = 'insufficient_funds'
                        then 'short_of_funds' else 'unknown' end as cause,
                   concat_ws(', ', r.status, r.pending_reason, r.failure_code, r.failure_message) as details, r.created_at as since
              from (select ?::timestamptz as now) as given cross join refunds r
             where r.status in ('requested', 'pending') and r.created_at < given.now - interval '1 hour'
                   and (r.failure_code like '%balance_insufficient' or r.pending_reason = 'insufficient_funds')
                or r.status = 'requested' and r.created_at < given.now - interval '1 day'
                or r.status in ('pending', 'requires_action') and r.created_at < given.now - interval '14 days'
             order by r.id desc limit ?""";

    /**
     * Amounts that failed refunds took from coaches, until an administrator decides what goes back. Stripe does not say for
     * which of several refunds a fee went back; what the coach has of the payment, and would have by its split, helps to
     * decide.
     */
    private static final String UNREPAID_REFUNDS = """
            select 'unrepaid_refund' as kind, 'platform' as account, r.id::text as subject, r.currency, taken.amount, r.stripe_refund_id as stripe_id, r.transaction_id, 'unknown' as cause,
                   concat('the coach has ', trim_scale(has.amount), ' of the payment, and by its split ',
                          trim_scale(round(t.coach_payout * (t.amount - t.refunded_amount) / t.amount, 4)),
                          ' of what is not refunded') as details,
                   coalesce((select j.occurred_at from ledger_journals j
                              where j.kind = 'refund_failed' and j.reference = r.stripe_refund_id), r.created_at) as since
              from refunds r join transactions t on t.id = r.transaction_id
             cross join lateral (select sum(v.amount) as amount from transfer_reversals v where v.refund_id = r.id) as taken
             cross join lateral (select coalesce(sum(e.amount), 0) as amount from ledger_journals j
                                   join ledger_entries e on e.journal_id = j.id
                                   join ledger_accounts a on a.id = e.account_id and a.kind like 'coach%'
                                  where j.transaction_id = r.transaction_id) as has
             where r.status in ('failed', 'canceled') and r.repaid is null and r.check_at is null and taken.amount > 0
             order by r.id desc limit ?""";

    /** Until later payouts have brought as much, or there is nothing left to bring. */
    private static final String REFUSED_PAYOUTS = """
            select 'refused_payout' as kind, coalesce(c.stripe_account_id, 'ledger') as account, p.id::text as subject, p.currency, p.amount,
                   p.stripe_payout_id as stripe_id, null::uuid as transaction_id, 'refused' as cause, p.failure_message as details,
                   p.created_at as since
              from payouts p join stripe_connected_accounts c on c.id = p.connected_account_id
             where p.status = 'refused' and p.amount > (
                   select coalesce(sum(later.amount), 0) from payouts later
                    where later.user_id = p.user_id and later.currency = p.currency and later.id > p.id
                      and later.status not in ('refused', 'failed', 'canceled'))
               and exists (select from ledger_accounts a where a.owner_id = p.user_id and a.currency = p.currency
                              and a.kind = 'coach_available' and a.balance > 0)
               and not exists (select from payouts later where later.user_id = p.user_id and later.currency = p.currency
                                  and later.id > p.id and later.status = 'refused')
             order by p.id desc limit ?""";

    /**
     * The platform bears a fee that Stripe does not take from a coach; until then it waits for the coach's funds, or for
     * Stripe.
     */
    private static final String PAYOUT_FEES = """
            select case when p.fee_refusal is null then 'waiting_payout_fee' else 'refused_payout_fee' end as kind,
                   coalesce(c.stripe_account_id, 'ledger') as account, p.id::text as subject, p.currency, p.fee as amount,
                   p.stripe_payout_id as stripe_id, null::uuid as transaction_id,
                   case when p.fee_refusal is not null then 'refused'
                        when exists (select from ledger_accounts a where a.owner_id = p.user_id and a.currency = p.currency
                                        and a.kind = 'coach_available' and a.balance >= p.fee) then 'unknown'
                        else 'short_of_funds' end as cause,
                   p.fee_refusal as details, p.created_at as since
              from payouts p join stripe_connected_accounts c on c.id = p.connected_account_id
             where p.fee_refusal is not null or p.fee > 0 and p.stripe_payout_id is not null and p.stripe_fee_transfer_id is null
                   and p.created_at < ?::timestamptz - interval '1 day'
             order by p.id desc limit ?""";

    /** Stripe reports nothing about disconnected accounts. */
    private static final String OVERDUE_PAYOUTS = """
            select 'overdue_payout' as kind, coalesce(c.stripe_account_id, 'ledger') as account, p.id::text as subject, p.currency, p.amount,
                   p.stripe_payout_id as stripe_id, null::uuid as transaction_id,
                   case when c.deauthorized_at is null then 'unknown' else 'dashboard_action' end as cause, p.status as details,
                   coalesce(p.arrival_date, p.requested_at) as since
              from (select ?::timestamptz as now) as given cross join payouts p
              join stripe_connected_accounts c on c.id = p.connected_account_id
             where p.status = 'requested' and p.requested_at < given.now - interval '1 day'
                or p.status in ('pending', 'in_transit') and p.arrival_date < given.now - interval '3 days'
             order by p.id desc limit ?""";

    private static final String CONVERSIONS = """
            select 'converted' as kind, b.account, j.reference as subject, b.currency, b.net as amount, j.reference as stripe_id,
                   j.transaction_id, 'converted' as cause,
                   trim_scale(e.amount) || ' ' || e.currency || ' became ' || trim_scale(b.net) || ' ' || b.currency as details,
                   j.occurred_at as since
              from ledger_journals j
              join stripe_balance_transactions b on b.stripe_balance_transaction_id = j.reference
              join ledger_entries e on e.journal_id = j.id and e.currency <> b.currency
              join ledger_accounts a on a.id = e.account_id and a.kind = 'fx'
             where j.kind = 'converted'
             order by j.id desc limit ?""";

    /** Below zero for a day: a coach may earn a more recent debt again, or be about to. */
    private static final String DEBTS = "with debt as (" + CoachDebts.DEBTS
            + """
                    )
                    select 'coach_debt' as kind, coalesce(c.stripe_account_id, 'platform') as account,
                           case when c.stripe_account_id is null then d.owner_id::text else '' end as subject, d.currency, d.balance as amount,
                           null as stripe_id, null::uuid as transaction_id, 'short_of_funds' as cause, null as details, d.since
                      from debt d left join stripe_connected_accounts c on c.user_id = d.owner_id
                     where d.since < ?::timestamptz - interval '1 day' order by d.balance limit ?""";

    private static final String ACCOUNTS = """
            select 'payouts_given_back' as kind, c.stripe_account_id as account, '' as subject, null::bpchar as currency,
                   null::numeric as amount, null as stripe_id, null::uuid as transaction_id,
                   case when c.payouts_asked_next is null then 'dashboard_action' else 'refused' end as cause,
                   null as details, c.updated_at as since
              from stripe_connected_accounts c
             where not c.payouts_manual and c.attempt > 1 and c.stripe_account_id is not null and c.deauthorized_at is null
            union all
            select 'deauthorized', c.stripe_account_id, '', a.currency, sum(a.balance), null, null, 'dashboard_action', null,
                   c.deauthorized_at
              from stripe_connected_accounts c join ledger_accounts a on a.owner_id = c.user_id
               and a.kind in ('coach_pending', 'coach_available', 'coach_in_transit')
             where c.deauthorized_at is not null and c.stripe_account_id is not null
             group by c.id, a.currency having sum(a.balance) <> 0
            union all
            select 'unreachable_coach', c.stripe_account_id, '', null, null, null, null,
                   case when c.out_of_reach then 'dashboard_action' else 'refused' end,
                   concat_ws(', ', case when c.out_of_reach then 'out of reach: ' || c.country end, c.charge_refusal),
                   coalesce(c.charge_refused_at, c.created_at)
              from stripe_connected_accounts c
             where (c.out_of_reach or c.charge_refused_at is not null) and c.charges_enabled and c.stripe_account_id is not null
               and c.deauthorized_at is null
            union all
            select 'import_failed', i.account, '', null, null, null, null,
                   case when i.failures = 0 then 'in_flight' else 'unknown' end, concat_ws(', tried ', i.failure,
                   nullif(i.failures, 0) || ' times'), i.failed_since
              from stripe_cursors i
             where i.listing = 'balance_transactions' and i.failure is not null
               and not exists (select from stripe_connected_accounts c
                                where c.stripe_account_id = i.account and c.deauthorized_at is not null)
             limit ?""";

    private static final String PORTALS = """
            select 'portal_changed' as kind, 'platform' as account, p.stripe_configuration_id as subject, null::bpchar as currency,
                   null::numeric as amount, p.stripe_configuration_id as stripe_id, null::uuid as transaction_id,
                   'dashboard_action' as cause, 'it is used no more, and another takes its place' as details, p.altered_at as since
              from billing_portal_configurations p where p.altered_at is not null order by p.altered_at desc limit ?""";

    private static final String UNREADABLE = """
            select 'unreadable_line' as kind, account, stripe_id as subject, null::bpchar as currency, null::numeric as amount,
                   stripe_id, null::uuid as transaction_id, 'unknown' as cause, problem || ': ' || line as details,
                   created_at as since
              from unreadable_lines order by id desc limit ?""";

    /** A listing may fail now and then. Of a lost event only its name is known; a note closes it. */
    private static final String EVENTS = """
            select 'listing_failed' as kind, m.account, '' as subject, null::bpchar as currency, null::numeric as amount,
                   null as stripe_id, null::uuid as transaction_id, 'unknown' as cause,
                   concat(m.failure, ', tried ', m.failures, ' times') as details,
                   coalesce(m.listing_from, m.listed_until) as since
              from stripe_cursors m
             where m.listing = 'events' and m.failures >= 5
               and not exists (select from stripe_connected_accounts c
                                where c.stripe_account_id = m.account and c.deauthorized_at is not null)
            union all
            select 'lost_event', e.account, e.event_id, null, null, e.event_id, null, 'unknown', concat_ws(', ', e.type, e.error),
                   e.next_attempt_at
              from stripe_events e where e.status = 'dead' and e.payload is null limit ?""";

    private static final String UNBOOKABLE = """
            select 'unbookable_line' as kind, account, stripe_balance_transaction_id as subject, currency, net as amount,
                   stripe_balance_transaction_id as stripe_id, null::uuid as transaction_id, 'unknown' as cause, problem as details,
                   created as since
              from stripe_balance_transactions where problem is not null order by id desc limit ?""";

    private InternalChecks() {
    }

    /**
     * The discrepancies, a bounded number of each kind.
     *
     * @param more the kinds of which there may be more
     */
    record Outcome(List<Discrepancy> found, Set<Kind> more) {

        private void add(List<Discrepancy> some, Kind... kinds) {
            found.addAll(some);
            if (some.size() == MOST) {
                more.addAll(List.of(kinds));
            }
        }
    }

    static Outcome all(Rows books, Instant now) {
        Outcome all = new Outcome(new ArrayList<>(), EnumSet.noneOf(Kind.class));
        all.add(books.query(STEPS, Discrepancy::of, now, MOST), Kind.WAITING_STEP, Kind.REFUSED_STEP);
        all.add(books.query(REFUNDS, Discrepancy::of, MOST), Kind.REFUSED_REFUND, Kind.FAILED_REFUND);
        all.add(books.query(WAITING_REFUNDS, Discrepancy::of, now, MOST), Kind.WAITING_REFUND);
        all.add(books.query(UNREPAID_REFUNDS, Discrepancy::of, MOST), Kind.UNREPAID_REFUND);
        all.add(books.query(REFUSED_PAYMENTS, Discrepancy::of, now, MOST), Kind.REFUSED_PAYMENT);
        all.add(books.query(MISMATCHES, Discrepancy::of, MOST), Kind.AMOUNT_MISMATCH);
        all.add(books.query(LATE_PAYMENTS, Discrepancy::of, MOST), Kind.LATE_PAYMENT);
        all.add(books.query(UNPAID_PAGES, Discrepancy::of, MOST), Kind.UNPAID_PAGE);
        all.add(books.query(FOREIGN_SUBSCRIPTIONS, Discrepancy::of, now, MOST), Kind.FOREIGN_SUBSCRIPTION);
        all.add(books.query(MISSING_SUBSCRIPTIONS, Discrepancy::of, MOST), Kind.MISSING_SUBSCRIPTION);
        all.add(books.query(SURPLUS_BALANCES, Discrepancy::of, MOST), Kind.SURPLUS_BALANCE);
        all.add(books.query(CREDIT_NOTES, Discrepancy::of, MOST), Kind.CREDIT_NOTE);
        all.add(books.query(STUCK_HOLDS, Discrepancy::of, now, MOST), Kind.STUCK_HOLD);
        all.add(books.query(REFUSED_PAYOUTS, Discrepancy::of, MOST), Kind.REFUSED_PAYOUT);
        all.add(books.query(PAYOUT_FEES, Discrepancy::of, now, MOST), Kind.WAITING_PAYOUT_FEE, Kind.REFUSED_PAYOUT_FEE);
        all.add(books.query(OVERDUE_PAYOUTS, Discrepancy::of, now, MOST), Kind.OVERDUE_PAYOUT);
        all.add(books.query(CONVERSIONS, Discrepancy::of, MOST), Kind.CONVERTED);
        all.add(books.query(DEBTS, Discrepancy::of, now, MOST), Kind.COACH_DEBT);
        all.add(books.query(ACCOUNTS, Discrepancy::of, MOST), Kind.PAYOUTS_GIVEN_BACK, Kind.UNREACHABLE_COACH,
                Kind.DEAUTHORIZED, Kind.IMPORT_FAILED);
        all.add(books.query(PORTALS, Discrepancy::of, MOST), Kind.PORTAL_CHANGED);
        all.add(books.query(UNREADABLE, Discrepancy::of, MOST), Kind.UNREADABLE_LINE);
        all.add(books.query(UNBOOKABLE, Discrepancy::of, MOST), Kind.UNBOOKABLE_LINE);
        all.add(books.query(EVENTS, Discrepancy::of, MOST), Kind.LISTING_FAILED, Kind.LOST_EVENT);
        return all;
    }
}
