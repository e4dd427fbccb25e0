package io.coachpay.payout;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;

import io.coachpay.access.Rows;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * Computes coaches' earnings that are not released yet. Nothing of it is stored: it follows from sessions and the ledger. All
 * verbs join a database transaction; one that decides by the result holds the coach.
 */
@ApplicationScoped
class Holdings {

    /**
     * The coach's money of each payment that is not released, in {@code unreleased}. Parameters: the coach three times, the
     * time until which sessions are released, the coach three times again. It reads only sessions that ended too recently (by
     * an index), money that refunds and disputes are taking now, money due to payers that no refund brings, the bank's part of
     * that once it is decided, and payments that are not as agreed. Where a payment's money is {@code aside}, no payout takes
     * any of its lines; what it owes beyond its available money, as between a refund's reversal and the fee that comes back, is
     * a debt like any other.
     */
    static final String UNRELEASED = """
            with taking as (
              select id, currency, sum(amount) as amount from (
                     select t.id, r.currency, (r.amount - given.amount) * t.coach_payout / t.amount as amount
                       from refunds r join transactions t on t.id = r.transaction_id and t.coach_id = ?
                      cross join lateral (select coalesce(sum(v.amount), 0) as amount from transfer_reversals v
                                           where v.refund_id = r.id) given
                      where r.check_at is not null and r.status in ('requested', 'pending', 'requires_action', 'succeeded')
                        and not r.borne_alone and r.amount > given.amount
                     union all
                     select t.id, s.currency, case s.kind when 'reversal' then s.amount else -s.amount end
                       from transfer_steps s join transactions t on t.id = s.transaction_id and t.coach_id = ?
                      where s.kind in ('reversal', 'fee_refund') and s.status in ('requested', 'waiting_for_funds')) each_taking
               group by id, currency having sum(amount) > 0),
            payment as (
              select id, case when bool_and(earned_at is not null) then max(earned_at) end as earned_at from (
                     select t.id, coalesce(s.cancelled_at, s.ends_at) as earned_at
                       from sessions s join transactions t on t.session_id = s.id
                      where s.coach_id = ? and coalesce(s.cancelled_at, s.ends_at) > ?
                     union all
                     select id, null from taking
                     union all
                     select t.id, null
                       from transactions t
                      where t.coach_id = ? and t.refund_due > t.refunded_amount
                        and t.refund_due > coalesce((select sum(r.amount) from refunds r where r.transaction_id = t.id
                                                        and r.status not in ('refused', 'failed', 'canceled')), 0)
                                         + coalesce((select sum(d.withdrawn_amount) from disputes d
                                                      where d.transaction_id = t.id and d.closed_at is not null), 0)
                     union all
                     select t.id, null
                       from transactions t
                      where t.coach_id = ? and t.held_at is not null and t.refunded_amount < t.amount) each_payment
               group by id),
            share as (
              select p.id, p.earned_at, a.currency, coalesce(sum(e.amount) filter (where a.kind = 'coach_pending'), 0) as pending,
                     coalesce(sum(e.amount - coalesce(taken.amount, 0)) filter (where a.kind = 'coach_available'), 0) as available
                from payment p
                join ledger_journals j on j.transaction_id = p.id
                join ledger_entries e on e.journal_id = j.id
                join ledger_accounts a on a.id = e.account_id and a.owner_id = ? and a.kind in ('coach_pending', 'coach_available')
                left join lateral (select sum(i.amount) as amount from payout_items i
                                    where i.entry_id = e.id and i.released_at is null) taken on true
               group by p.id, p.earned_at, a.currency),
            unreleased as (
              select *, available >= 0 as aside from share)""";

    /**
     * Money that refunds and disputes are about to take beyond the rest of their own payments is set aside of the available
     * balance.
     */
    private static final String DAYS = UNRELEASED + """
            select currency, ((earned_at + ? * interval '1 second') at time zone ?)::date as day,
                   min(earned_at + ? * interval '1 second') filter (where pending + available > 0) as first,
                   sum(greatest(pending + available, 0)) as held,
                   sum(case when aside then available else 0 end) as available,
                   sum(greatest(pending, case when aside then -available else 0 end)) as pending
              from unreleased group by currency, day
             union all
            select k.currency, null, null, 0, sum(k.amount - greatest(coalesce(u.pending + u.available, 0), 0)), 0
              from taking k left join unreleased u on u.id = k.id and u.currency = k.currency
             where k.amount > greatest(coalesce(u.pending + u.available, 0), 0)
             group by k.currency
             order by currency, day nulls last""";

    private final Rows rows;
    private final PayoutSettings settings;
    private final Clock clock;

    Holdings(DataSource database, PayoutSettings settings, Clock clock) {
        this.rows = new Rows(database);
        this.settings = settings;
        this.clock = clock;
    }

    /** Returns a coach's held earnings by currency, without currencies in which nothing is held. */
    Map<String, Holding> ofCoach(UUID coach, ZoneId zone) {
        Instant until = until();
        long after = settings.releaseAfter().toSeconds();
        Map<String, Holding> holdings = new LinkedHashMap<>();
        rows.query(DAYS, Holdings::day, coach, coach, coach, until, coach, coach, coach, after, zone.getId(), after)
                .forEach(day -> {
                    String currency = day.held().getCurrencyUnit().getCode();
                    Holding before = holdings.getOrDefault(currency, none(StripeCurrencies.of(currency)));
                    holdings.put(currency, before.plus(day));
                });
        return holdings;
    }

    /** A holding of nothing. */
    Holding none(StripeCurrency currency) {
        return Holding.none(until(), currency.of(BigDecimal.ZERO));
    }

    /** Sessions that ended, or were cancelled, by then are released now. */
    Instant until() {
        return clock.instant().minus(settings.releaseAfter());
    }

    private static Holding.Day day(ResultSet row) throws SQLException {
        StripeCurrency currency = StripeCurrencies.of(row.getString("currency"));
        return new Holding.Day(row.getObject("day", LocalDate.class), Rows.instantOrNull(row, "first"),
                currency.of(row.getBigDecimal("held")),
                // The coach's share of a refund may have more digits than the currency.
                Money.of(currency.unit(), row.getBigDecimal("available"), RoundingMode.CEILING),
                currency.of(row.getBigDecimal("pending")));
    }
}
