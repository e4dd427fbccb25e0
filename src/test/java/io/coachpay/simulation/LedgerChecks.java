package io.coachpay.simulation;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.coachpay.OwnerSql;

/** Promises between our own books and rows, as queries whose rows break them. */
public final class LedgerChecks {

    private static final String STORY = """
            with people as (select id from users where id = any (?::uuid[])),
                 payments as (select * from transactions where payer_id in (select id from people)
                                                            or coach_id in (select id from people)),
                 accounts as (select * from ledger_accounts where owner_id in (select id from people)),
                 journals as (select * from ledger_journals where transaction_id in (select id from payments)
                               union
                              select j.* from ledger_journals j join ledger_entries e on e.journal_id = j.id
                               where e.account_id in (select id from accounts))
            """;

    private static final Map<String, String> CHECKS = checks();

    private LedgerChecks() {
    }

    /** Promises that do not hold for these people. */
    public static List<String> broken(String people) {
        return CHECKS.entrySet().stream().flatMap(check -> OwnerSql.rows(STORY + check.getValue(), people).stream()
                .map(row -> check.getKey() + ": " + row)).toList();
    }

    /** Events since then that have not been applied after all. */
    public static List<String> unhandled(Instant since) {
        return OwnerSql.rows("""
                select event_id, type, status, attempts, received_at, error from stripe_events
                 where received_at >= ?::timestamptz and status in ('received', 'failed', 'dead')""", since.toString()).stream()
                .map(event -> "every event is handled: " + event).toList();
    }

    /** The number of deadlocks this database has seen. */
    static long deadlocks() {
        return ((Number) OwnerSql.rows("select deadlocks from pg_stat_database where datname = current_database()").get(0)
                .get("deadlocks")).longValue();
    }

    /** The reports of the last deadlocks in the server's log: the waiting processes with their statements. */
    public static List<String> deadlocksInLog(long last) {
        String log = OwnerSql.serverLog();
        List<String> reports = Pattern
                .compile("deadlock detected.*?\\R(?=\\d{4}-\\d\\d-\\d\\d [^\\n]* (?:LOG|ERROR|FATAL):|\\z)",
                        Pattern.DOTALL)
                .matcher(log).results().map(MatchResult::group).toList();
        return reports.subList((int) Math.max(0, reports.size() - last), reports.size());
    }

    private static Map<String, String> checks() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("journals sum to zero", """
                select j.kind, j.reference, e.currency, sum(e.amount) as sum
                  from journals j join ledger_entries e on e.journal_id = j.id
                 group by j.id, j.kind, j.reference, e.currency having sum(e.amount) <> 0""");
        checks.put("each account's lines run without a gap", """
                select a.kind, a.currency, a.lines, count(e.line), min(e.line), max(e.line)
                  from accounts a left join ledger_entries e on e.account_id = a.id
                 group by a.id, a.kind, a.currency, a.lines
                having count(e.line) <> a.lines or a.lines > 0 and (min(e.line) <> 1 or max(e.line) <> a.lines)""");
        checks.put("each line goes on from the one before", """
                select kind, line, balance_before, before from (
                  select a.kind, e.line, e.balance_before,
                         coalesce(lag(e.balance_after) over (partition by a.id order by e.line), 0) as before
                    from accounts a join ledger_entries e on e.account_id = a.id) as lines
                 where balance_before <> before""");
        checks.put("balances are the sums of their lines", """
                select a.kind, a.currency, a.balance, sum(e.amount) as sum
                  from accounts a left join ledger_entries e on e.account_id = a.id
                 group by a.id, a.kind, a.currency, a.balance having a.balance <> coalesce(sum(e.amount), 0)""");
        checks.put("profiles show what their accounts hold",
                """
                        select p.user_id, p.pending_balance, p.available_balance, p.total_earnings, held.*
                          from coach_profiles p cross join lateral (
                               select coalesce(sum(balance) filter (where kind = 'coach_pending'), 0) as pending,
                                      coalesce(sum(balance) filter (where kind = 'coach_available'), 0) as available,
                                      coalesce(sum(balance) filter (where kind like 'coach%'), 0) as total
                                 from accounts where owner_id = p.user_id and currency = p.currency) as held
                         where p.user_id in (select id from people)
                           and (p.pending_balance, p.available_balance, p.total_earnings) <> (held.pending, held.available, held.total)""");
        checks.put("wallets are not negative", """
                select kind, currency, balance from accounts where kind in ('credits', 'deferred') and balance < 0""");
        checks.put("prices are fee and payout", """
                select id, amount, platform_fee, coach_payout from payments
                 where type = 'session_payment' and amount <> platform_fee + coach_payout
                union all
                select id, price_amount, platform_fee_amount, coach_payout_amount from sessions
                 where mentee_id in (select id from people) and price_amount <> platform_fee_amount + coach_payout_amount""");
        checks.put("what is refunded is what the refunds say, and no more than was paid", """
                select p.id, p.status, p.amount, p.refunded_amount, sum(r.amount) as refunds
                  from payments p left join refunds r on r.transaction_id = p.id
                       and r.status in ('pending', 'requires_action', 'succeeded')
                 group by p.id, p.status, p.amount, p.refunded_amount
                having p.refunded_amount <> coalesce(sum(r.amount), 0) or p.refunded_amount > p.amount
                    or p.status in ('completed', 'partially_refunded', 'refunded')
                       and p.status <> case p.refunded_amount when 0 then 'completed' when p.amount then 'refunded'
                                       else 'partially_refunded' end""");
        checks.put("no more is reversed than was transferred", """
                select t.stripe_transfer_id, t.amount, sum(r.amount) as reversed
                  from transfers t join transfer_reversals r on r.transfer_id = t.id
                 where t.transaction_id in (select id from payments)
                 group by t.id, t.stripe_transfer_id, t.amount having sum(r.amount) > t.amount""");
        checks.put("no more of a fee is given back than was taken", """
                select p.id, p.platform_fee, sum(f.amount) as returned
                  from payments p join fee_refunds f on f.transaction_id = p.id
                 group by p.id, p.platform_fee having sum(f.amount) > p.platform_fee""");
        checks.put("the platform bears no refund alone for a coach who has never left",
                """
                        select r.id, r.currency, r.amount, r.status, r.failure_message
                          from refunds r join payments p on p.id = r.transaction_id
                          join stripe_connected_accounts c on c.user_id = p.coach_id
                         where r.borne_alone and p.destination_account is not null and r.decision is null and r.coach_short_since is null
                           and c.deauthorized_at is null and c.reconnected_at is null and c.replaced_accounts = '{}'""");
        checks.put("a payout's items sum to it", """
                select p.id, p.status, p.amount, p.unallocated, sum(i.amount) as items
                  from payouts p left join payout_items i on i.payout_id = p.id
                 where p.user_id in (select id from people)
                 group by p.id, p.status, p.amount, p.unallocated
                having p.status <> 'refused' and coalesce(sum(i.amount), 0) + p.unallocated <> p.amount""");
        checks.put("nothing is paid out of a payment before its release", """
                select p.id, j.transaction_id, p.requested_at, least(s.cancelled_at, s.ends_at) as over, sum(i.amount) as taken
                  from payouts p
                  join payout_items i on i.payout_id = p.id
                  join ledger_entries e on e.id = i.entry_id
                  join journals j on j.id = e.journal_id
                  join transactions t on t.id = j.transaction_id
                  join sessions s on s.id = t.session_id
                 where p.user_id in (select id from people) and p.initiated_by <> 'dashboard'
                   and least(s.cancelled_at, s.ends_at) + interval '24 hours' > p.requested_at
                 group by p.id, j.transaction_id, p.requested_at, s.id having sum(i.amount) > 0""");
        checks.put("no line is paid out twice", """
                select e.id, e.amount, sum(i.amount) as paid
                  from payout_items i join ledger_entries e on e.id = i.entry_id
                 where e.account_id in (select id from accounts) and i.released_at is null
                 group by e.id, e.amount having abs(sum(i.amount)) > abs(e.amount) or sum(i.amount) * e.amount < 0""");
        checks.put("sessions agree with their payments", """
                select s.id, s.status, s.payment_status, paid.*
                  from sessions s cross join lateral (
                       select count(*) filter (where status in ('completed', 'partially_refunded')) as kept,
                              count(*) filter (where status in ('completed', 'partially_refunded', 'refunded')) as paid
                         from payments p where p.session_id = s.id and p.held_at is null) as paid
                 where s.mentee_id in (select id from people)
                   and (paid.kept > 1
                        or s.status in ('confirmed', 'completed', 'no_show') and paid.paid = 0
                        or s.status in ('pending_payment', 'expired') and paid.kept > 0
                        or s.status = 'pending_payment')""");
        checks.put("a session's payment status is its payment's",
                """
                        select s.id, s.status, s.payment_status, p.status as payment
                          from sessions s cross join lateral (
                               select status from payments p where p.session_id = s.id and not p.surplus and p.held_at is null order by (status = 'canceled'), id desc limit 1) as p
                         where s.mentee_id in (select id from people) and s.payment_status <> 'disputed'
                           and s.payment_status <> case p.status when 'completed' then 'paid' else p.status end""");
        checks.put("what was not agreed buys nothing, and is found until it has gone back", """
                select p.id, p.status, p.mismatch, s.status as session, back.gone
                  from payments p left join sessions s on s.stripe_payment_intent_id = p.stripe_payment_intent_id
                 cross join lateral (
                       select p.refunded_amount + coalesce(sum(d.withdrawn_amount), 0) as gone from disputes d
                        where d.transaction_id = p.id and d.closed_at is not null) as back
                 where p.held_at is not null
                   and (s.id is not null
                        or (back.gone < p.amount) <> exists (
                           select from reconciliation_findings f
                            where f.transaction_id = p.id and f.kind = 'amount_mismatch' and f.resolved_at is null))""");
        checks.put("what was agreed is what was paid", """
                select p.id, p.amount, p.currency, s.price_amount, s.currency as agreed
                  from payments p join sessions s on s.id = p.session_id
                 where p.held_at is null and (p.amount <> s.price_amount or p.currency <> s.currency
                                              or p.platform_fee <> s.platform_fee_amount)""");
        checks.put("what an administrator withdrew was not made, and what the platform pays takes nothing from the coach", """
                select r.id, r.status, r.decision, r.stripe_refund_id from refunds r
                 where r.transaction_id in (select id from payments)
                   and (r.status = 'refused' and r.stripe_refund_id is not null
                        or r.borne_alone and exists (select from transfer_reversals v where v.refund_id = r.id))""");
        checks.put("nothing is left half done",
                """
                                select id::text, status from payments
                                 where status = 'processing' or status = 'pending' and type <> 'subscription_payment'
                                union all
                                select r.id::text, r.status from refunds r
                                 where r.transaction_id in (select id from payments) and r.status in ('requested', 'pending', 'requires_action')
                        union all
                        select s.id::text, s.kind || ' ' || s.purpose || ' ' || s.status from transfer_steps s
                         where s.transaction_id in (select id from payments) and s.status = 'requested'
                        union all
                        select p.id::text, 'payout ' || p.status from payouts p
                         where p.user_id in (select id from people) and p.status = 'requested'
                        union all
                        select p.id::text, 'fee of payout ' || p.status from payouts p
                         where p.user_id in (select id from people) and p.fee > 0 and p.stripe_payout_id is not null
                           and p.stripe_fee_transfer_id is null and p.fee_refusal is null
                           and exists (select from accounts a where a.owner_id = p.user_id and a.currency = p.currency
                                          and a.kind = 'coach_available' and a.balance >= p.fee)""");
        checks.put("the fee of an instant payout is taken once, and only once it was made", """
                select p.id, p.status, p.method, p.fee, p.stripe_fee_transfer_id, sum(e.amount) as booked
                  from payouts p
                  left join journals j on j.kind = 'instant_fee' and j.reference = p.stripe_fee_transfer_id
                  left join ledger_entries e on e.journal_id = j.id and e.account_id in (select id from accounts)
                 where p.user_id in (select id from people)
                 group by p.id, p.status, p.method, p.fee, p.stripe_fee_transfer_id
                having coalesce(sum(e.amount), 0) <> case when p.stripe_fee_transfer_id is null then 0 else -p.fee end
                    or p.fee > 0 and (p.method <> 'instant' or p.status = 'refused')""");
        checks.put("what was refunded whole leaves its coach nothing",
                """
                        select p.id, p.amount, e.currency, sum(e.amount) as left_with_coach
                          from payments p join journals j on j.transaction_id = p.id join ledger_entries e on e.journal_id = j.id
                          join ledger_accounts a on a.id = e.account_id and a.kind like 'coach%'
                         where p.status = 'refunded'
                           and not exists (select from refunds r where r.transaction_id = p.id and (r.borne_alone or r.status = 'failed'))
                           and not exists (select from transfer_steps s where s.transaction_id = p.id and s.status <> 'created'
                                              and s.failure_code is distinct from 'withdrawn')
                         group by p.id, p.amount, e.currency having sum(e.amount) <> 0""");
        // A held payment buys no session; an administrator refunds it, and it is a finding until then.
        checks.put("whose session another has cancelled has everything back, unless Stripe refused it or it came back",
                """
                        select p.id, p.amount, p.refund_due, back.gone
                          from payments p join sessions s on s.id = p.session_id
                         cross join lateral (
                               select coalesce(sum(r.amount), 0) + (select coalesce(sum(d.withdrawn_amount), 0) from disputes d
                                                                     where d.transaction_id = p.id) as gone
                                 from refunds r where r.transaction_id = p.id and r.status not in ('refused', 'failed', 'canceled')) as back
                         where s.status = 'cancelled' and s.cancelled_by in ('coach', 'admin') and back.gone < p.amount and p.held_at is null
                           and p.status in ('completed', 'partially_refunded', 'refunded')
                           and not exists (select from refunds r where r.transaction_id = p.id and (r.status in ('failed', 'canceled')
                                  or r.status = 'refused' and coalesce(r.failure_code, '') not in ('exceeds_remainder', 'payment_disputed')))
                           and not exists (select from disputes d where d.transaction_id = p.id and d.closed_at is null)""");
        // These findings stay: refusals for good, payments taken although they had ended, debts of coaches, credit notes of
        // refunds that failed, and shares of a refund by hand that nobody gave back.
        checks.put("reconciliation finds nothing that is not so",
                """
                        select f.account, f.kind, f.cause, f.currency, f.amount, f.subject, f.details from reconciliation_findings f
                         where f.resolved_at is null
                           and (f.transaction_id in (select id from payments)
                                or f.account in (select stripe_account_id from stripe_connected_accounts
                                                  where user_id in (select id from people)))
                            and not (f.kind like 'refused%'
                                 or f.kind in ('late_payment', 'coach_debt', 'failed_refund', 'amount_mismatch', 'credit_note')
                                 or f.kind = 'waiting_payout_fee' and f.cause = 'short_of_funds'
                                 or f.kind = 'refund_clearing' and f.cause in ('dashboard_action', 'refused'))""");
        return checks;
    }
}
