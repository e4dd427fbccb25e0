package io.coachpay.payout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.coach.PayoutSchedule;
import io.coachpay.coach.Reason;

/**
 * Keeps the last closed due day of each coach and currency, and so finds the turns that are due. {@link Schedule} computes due
 * days, once for each time zone; one statement for all coaches finds everything else. All verbs join a database transaction.
 */
@ApplicationScoped
class PayoutCalendar {

    private static final Duration LONGEST_PAUSE = Duration.ofDays(7);
    /** Other money may have become available meanwhile, or a refund may have failed. */
    private static final Duration WHILE_HELD = Duration.ofHours(1);

    private static final String CALENDARS = """
            select distinct payout_schedule, time_zone from coach_profiles where payout_schedule <> 'instant'""";
    /**
     * Creates the calendar row when a coach first earns in a currency, and resets it when schedule or time zone change. Either
     * way the first payout is on the next due day. Earnings are pending for days before they are available, so the row is
     * there in time.
     */
    private static final String OPEN = """
            insert into payout_marks (id, user_id, currency, payout_schedule, time_zone, period)
            select gen_random_uuid(), p.user_id, a.currency, p.payout_schedule, p.time_zone, d.period
              from coach_profiles p
              join ledger_accounts a on a.owner_id = p.user_id and a.kind = 'coach_pending'
              left join unnest(?::text[], ?::text[], ?::date[]) as d (schedule, zone, period)
                on d.schedule = p.payout_schedule and d.zone = p.time_zone
              left join payout_marks m on m.user_id = p.user_id and m.currency = a.currency
             where m.id is null or m.payout_schedule <> p.payout_schedule or m.time_zone <> p.time_zone
             order by p.user_id, a.currency
            on conflict on constraint payout_marks_once do update
               set payout_schedule = excluded.payout_schedule, time_zone = excluded.time_zone, period = excluded.period,
                   failures = 0, not_before = null""";
    private static final String DUE = """
            select m.user_id, m.currency, d.period, c.stripe_account_id,
                   c.payouts_enabled and c.deauthorized_at is null and there.amount > 0
                     and m.currency = any (coalesce(c.bank_currencies, c.settled_currencies))
                     and (m.currency <> p.currency or there.amount >= p.minimum_payout) as worthAsking
              from payout_marks m
              join coach_profiles p on p.user_id = m.user_id
              join stripe_connected_accounts c on c.user_id = m.user_id and c.stripe_account_id is not null
              left join unnest(?::text[], ?::text[], ?::date[]) as d (schedule, zone, period)
                on d.schedule = m.payout_schedule and d.zone = m.time_zone
              left join ledger_accounts a on a.owner_id = m.user_id and a.kind = 'coach_available' and a.currency = m.currency
              left join ledger_accounts b on b.owner_id = m.user_id and b.kind = 'coach_pending' and b.currency = m.currency
              cross join lateral (select coalesce(a.balance, 0) + greatest(b.balance, 0) as amount) there
             where coalesce(m.not_before <= ?, true)
               and (m.period < d.period
                    or m.payout_schedule = 'instant' and a.balance > 0
                       and (a.currency <> p.currency or a.balance >= p.minimum_payout)
                       and c.payouts_enabled and c.deauthorized_at is null
                       and m.currency = any (coalesce(c.bank_currencies, c.settled_currencies))
                       and not exists (select from payouts o where o.user_id = m.user_id and o.currency = m.currency
                                          and o.status = 'requested'))
             order by m.user_id, m.currency limit ?""";
    private static final String IS_DEALT_WITH = """
            select exists (select from payout_marks where user_id = ? and currency = ? and (period >= ? or not_before > ?))""";
    private static final String DEALT_WITH = """
            update payout_marks set period = coalesce(?, period), reason = ?, not_before = null
             where user_id = ? and currency = ?""";
    private static final String PUT_OFF = """
            update payout_marks set reason = ?, failures = failures + 1,
                   period = case when period = ? then period - 1 else period end,
                   not_before = ?::timestamptz + least(? * 2 ^ least(failures, 30), ?) * interval '1 second'
             where user_id = ? and currency = ?""";
    private static final String WENT_WELL = """
            update payout_marks set failures = 0 where user_id = ? and currency = ? and failures > 0""";
    private static final String WAIT = """
            update payout_marks set reason = ?, not_before = ? where user_id = ? and currency = ?""";
    private static final String PAUSE = "update payout_marks set not_before = ? where user_id = ? and currency = ?";

    private final Rows rows;
    private final PayoutSettings settings;

    PayoutCalendar(DataSource database, PayoutSettings settings) {
        this.rows = new Rows(database);
        this.settings = settings;
    }

    /**
     * A coach who is to be paid in a currency.
     *
     * @param account {@code acct_…} that holds the money
     * @param period the due day it is for; null where the schedule has none
     * @param worthAsking whether Stripe is worth asking, should all pending money have become available
     */
    record Turn(UUID coach, String currency, String account, @Nullable LocalDate period, boolean worthAsking) {
    }

    /** Returns turns that are due, so many at most. */
    List<Turn> due(Instant now, int most) {
        List<Day> days = days(now);
        Rows.Column schedules = new Rows.Column("text", days.stream().map(Day::schedule).toList());
        Rows.Column zones = new Rows.Column("text", days.stream().map(Day::zone).toList());
        Rows.Column periods = new Rows.Column("date", days.stream().map(Day::period).toList());
        rows.update(OPEN, schedules, zones, periods);
        return rows.query(DUE, PayoutCalendar::turn, schedules, zones, periods, now, most);
    }

    private static Turn turn(ResultSet row) throws SQLException {
        return new Turn(row.getObject("user_id", UUID.class), row.getString("currency"), row.getString("stripe_account_id"),
                row.getObject("period", LocalDate.class), row.getBoolean("worthAsking"));
    }

    /** Whether another worker has closed or postponed the turn already; the caller holds the coach. */
    boolean isDealtWith(Turn turn, Instant now) {
        return rows.query(IS_DEALT_WITH, row -> row.getBoolean(1), turn.coach(), turn.currency(), turn.period(), now).get(0);
    }

    /** Closes the due day: the coach was paid, or is not for a reason that lasts until the next due day. */
    void closePeriod(Turn turn, @Nullable Reason reason) {
        rows.update(DEALT_WITH, turn.period(), reason == null ? null : reason.code(), turn.coach(), turn.currency());
    }

    /** Retries the same due day after a pause, which is longer each time. */
    void postpone(UUID coach, String currency, @Nullable LocalDate period, String reason, Instant now) {
        rows.update(PUT_OFF, reason, period, now, settings.firstPause().toSeconds(), LONGEST_PAUSE.toSeconds(), coach,
                currency);
    }

    /** Waits until the first held earning is released, an hour at most. */
    void waitFor(UUID coach, String currency, @Nullable Instant release, Instant now) {
        Instant latest = now.plus(WHILE_HELD);
        rows.update(WAIT, Reason.HELD.code(), release == null || release.isAfter(latest) ? latest : release, coach, currency);
    }

    /** Makes the next pause a short one again, since Stripe made the payout. */
    void resetBackoff(UUID coach, String currency) {
        rows.update(WENT_WELL, coach, currency);
    }

    /** Stops runs from paying the coach until then, since a payout came back. */
    void pause(UUID coach, String currency, Instant until) {
        rows.update(PAUSE, until, coach, currency);
    }

    /** A schedule in a time zone, and its last due day. */
    private record Day(String schedule, String zone, @Nullable LocalDate period) {

        static Day of(String schedule, String zone, Instant now) {
            return new Day(schedule, zone, new Schedule(PayoutSchedule.of(schedule), ZoneId.of(zone)).lastDue(now));
        }
    }

    private List<Day> days(Instant now) {
        return rows.query(CALENDARS, row -> Day.of(row.getString("payout_schedule"), row.getString("time_zone"), now));
    }
}
