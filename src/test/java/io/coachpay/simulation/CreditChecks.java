package io.coachpay.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.coachpay.OwnerSql;

/**
 * Promises about credits, as queries whose rows break them. Most of them hold whenever a database transaction has ended, so
 * they are checked after each deed too; the others hold when a story has come to rest.
 */
public final class CreditChecks {

    private static final String STORY = """
            with people as (select id from users where id = any (?::uuid[])),
                 payments as (select * from transactions where payer_id in (select id from people)
                                                            or coach_id in (select id from people)),
                 accounts as (select * from ledger_accounts where owner_id in (select id from people))
            """;

    private static final Map<String, String> ALWAYS = always();
    private static final Map<String, String> AT_REST = atRest();

    private CreditChecks() {
    }

    /** Promises that do not hold for these people at this moment. */
    public static List<String> brokenNow(String people) {
        return broken(ALWAYS, people);
    }

    /** Promises that do not hold for these people, now that nothing is under way. */
    public static List<String> broken(String people) {
        List<String> broken = new ArrayList<>(brokenNow(people));
        broken.addAll(broken(AT_REST, people));
        return broken;
    }

    private static List<String> broken(Map<String, String> checks, String people) {
        return checks.entrySet().stream().flatMap(check -> OwnerSql.rows(STORY + check.getValue(), people).stream()
                .map(row -> check.getKey() + ": " + row)).toList();
    }

    private static Map<String, String> always() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("no wallet holds credits beside a debt", """
                select owner_id, currency, sum(balance) filter (where kind = 'credits') as credits,
                       sum(balance) filter (where kind = 'credit_debt') as debt
                  from accounts where kind in ('credits', 'credit_debt') and balance <> 0
                 group by owner_id, currency having count(*) > 1""");
        checks.put("what is deferred is what payments with credits say", """
                select people.id, held.balance, said.credits
                  from people
                 cross join lateral (select coalesce(sum(balance), 0) as balance from accounts
                                      where owner_id = people.id and kind = 'deferred') as held
                 cross join lateral (select coalesce(sum(deferred_credits), 0) as credits from payments
                                      where payer_id = people.id) as said
                 where held.balance <> said.credits""");
        checks.put("credits are deferred until they went back or were earned", """
                select p.id, p.status, p.credit_amount, p.refunded_amount, p.deferred_credits, earned.once
                  from payments p
                 cross join lateral (select exists (select from ledger_journals j where j.transaction_id = p.id
                                                       and j.kind = 'session_paid_by_credits') as once) as earned
                 where p.method = 'credits'
                   and p.deferred_credits <> case when earned.once then 0 else p.credit_amount - p.refunded_amount end""");
        checks.put("a purchase is granted once, and only if paid as agreed", """
                select p.id, p.status, p.held_at, granted.times, granted.credits
                  from payments p
                 cross join lateral (
                       select count(distinct j.id) as times, coalesce(sum(e.amount), 0) as credits
                         from ledger_journals j join ledger_entries e on e.journal_id = j.id
                         join ledger_accounts a on a.id = e.account_id and a.kind in ('credits', 'credit_debt')
                        where j.transaction_id = p.id and j.kind = 'credits_bought') as granted
                 cross join lateral (
                       select p.held_at is null and p.status in ('completed', 'partially_refunded', 'refunded') as once) as paid
                 where p.type = 'credit_purchase'
                   and (granted.times <> paid.once::int or granted.credits <> p.credit_amount * paid.once::int)""");
        checks.put("credits are taken back as far as their money went back",
                """
                        select p.id, p.amount, p.refunded_amount, p.disputed_amount, p.credit_amount, p.credits_taken_back, moved.taken
                          from payments p
                         cross join lateral (
                               select coalesce(-sum(e.amount), 0) as taken
                                 from ledger_journals j join ledger_entries e on e.journal_id = j.id
                                 join ledger_accounts a on a.id = e.account_id and a.kind in ('credits', 'credit_debt')
                                where j.transaction_id = p.id and j.kind in ('credits_taken', 'credits_given_back')) as moved
                         where p.type = 'credit_purchase'
                           and (p.credits_taken_back <> moved.taken
                                or p.credits_taken_back <> case when p.held_at is null then round(
                                   p.credit_amount * least(p.amount, p.refunded_amount + p.disputed_amount) / p.amount, 6) else 0 end)""");
        checks.put("a wallet's history has a line for each of its entries, as it was entered",
                """
                        select e.id, e.amount, e.balance_before, e.balance_after, e.line, l.*
                          from (select e.*, a.owner_id from ledger_accounts a join ledger_entries e on e.account_id = a.id
                                 where a.kind = 'credits') as e
                          full join wallet_lines l on l.id = e.id
                         where (e.journal_id, e.owner_id, e.currency, e.line, e.amount, e.balance_before, e.balance_after)
                               is distinct from (l.journal_id, l.user_id, l.currency, l.line, l.amount, l.balance_before, l.balance_after)""");
        checks.put("a plan lowers fees and adds credits for its subscribers alone", """
                select given.* from (
                       select s.id, s.coach_id as person, s.platform_fee_percentage as percentage from sessions s
                        where s.coach_id in (select id from people) and s.fee_source = 'plan'
                       union all
                       select p.id, p.payer_id, p.bonus_percentage from payments p where p.bonus_percentage > 0) as given
                 where not exists (select from subscriptions u
                                    where u.user_id = given.person and u.stripe_subscription_id is not null)""");
        checks.put("the capacity knows all that is owed", """
                select c.currency, c.outstanding, owed.credits from credit_capacity c
                 cross join lateral (select coalesce(sum(balance), 0) as credits from ledger_accounts
                                      where kind in ('credits', 'deferred') and currency = c.currency) as owed
                 where c.outstanding <> owed.credits""");
        checks.put("nobody has two pages open for the same package", """
                select p.payer_id, p.package_id, count(*) from payments p join checkout_sessions c on c.transaction_id = p.id
                 where p.type = 'credit_purchase' and c.status in ('requested', 'open')
                   and p.status in ('pending', 'processing', 'failed') group by 1, 2 having count(*) > 1""");
        checks.put("open purchases keep their part of the capacity, and no others do",
                """
                        select p.id, p.status, p.credit_amount, c.status as page, c.reserved_credits
                          from payments p join checkout_sessions c on c.transaction_id = p.id
                         where c.reserved_credits <> case when p.type = 'credit_purchase' and p.status in ('pending', 'processing', 'failed')
                                                          then p.credit_amount else 0 end""");
        return checks;
    }

    private static Map<String, String> atRest() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("no purchase is open", """
                select p.id, p.status, p.failure_code from payments p
                 where p.type = 'credit_purchase' and p.status in ('pending', 'processing', 'failed')""");
        checks.put("a coach is paid once for a session paid with credits, of what has not gone back",
                """
                        select p.id, p.amount, p.platform_fee, earned.*, paid.*
                          from payments p
                          join ledger_journals j on j.transaction_id = p.id and j.kind = 'session_paid_by_credits'
                         cross join lateral (
                               select -sum(e.amount) filter (where a.kind = 'deferred') as price,
                                      coalesce(sum(e.amount) filter (where a.kind = 'coach_pending'), 0) as payout
                                 from ledger_entries e join ledger_accounts a on a.id = e.account_id where e.journal_id = j.id) as earned
                         cross join lateral (
                               select count(*) as transfers, coalesce(sum(s.amount), 0) as sent from transfer_steps s
                                where s.transaction_id = p.id and s.purpose = 'credit_session' and s.status = 'created') as paid
                         where paid.sent <> earned.payout or paid.transfers <> (earned.payout > 0)::int
                            or earned.payout <> earned.price - (p.platform_fee
                               - round(p.platform_fee * (p.amount - earned.price) / p.amount, 2))""");
        checks.put("no coach waits for a session paid with credits that is over, unless Stripe refused the transfer", """
                select p.id, p.deferred_credits, s.status from payments p join sessions s on s.id = p.session_id
                 where p.deferred_credits > 0 and s.status in ('completed', 'no_show', 'cancelled')
                   and not exists (select from transfer_steps t where t.transaction_id = p.id and t.purpose = 'credit_session'
                                      and t.status = 'refused' and t.failure_code is distinct from 'withdrawn')""");
        return checks;
    }
}
