package io.coachpay.ledger;

import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/**
 * Adds up the closed days of the shared accounts, which keep no balance. A balance is then the sum of a few rows and of the
 * entries since, however many there were before. Days are those of the entries' ids: of the wall clock, in UTC. The last two
 * closed days are added up again each time, for entries that were still on their way when they ended.
 */
@ApplicationScoped
class DailyTotalsJob implements Job {

    static final String NAME = "ledger-totals";

    /** Later runs catch up with more days than a year has. */
    private static final int DAYS_AT_ONCE = 400;

    /** A day is closed an hour after its end: no database transaction lasts that long. */
    private static final String DAYS = """
            select coalesce(max(d.day) - 1, (select (min(created_at) at time zone 'UTC')::date from ledger_entries)),
                   ((now() - interval '1 hour') at time zone 'UTC')::date - 1
              from ledger_daily_totals d join ledger_accounts a on a.id = d.account_id and a.owner_id is null""";
    private static final String CLOSE = """
            insert into ledger_daily_totals (id, account_id, day, amount, entries)
            select gen_random_uuid(), e.account_id, given.day, sum(e.amount), count(*)
              from (select ?::date as day) as given
              join ledger_entries e on e.id >= id_from(given.day::timestamp at time zone 'UTC')
                                   and e.id < id_from((given.day + 1)::timestamp at time zone 'UTC')
              join ledger_accounts a on a.id = e.account_id and a.owner_id is null
             group by e.account_id, given.day
            on conflict on constraint ledger_daily_totals_day do update
               set amount = excluded.amount, entries = excluded.entries
             where (ledger_daily_totals.amount, ledger_daily_totals.entries) <> (excluded.amount, excluded.entries)""";

    private final DataSource database;

    DailyTotalsJob(@io.quarkus.agroal.DataSource("service") DataSource database) {
        this.database = database;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofHours(1));
    }

    @Override
    public boolean atStart() {
        return true;
    }

    @Override
    public boolean needsStripe() {
        return false;
    }

    @Override
    public void run() {
        try (Connection connection = database.getConnection()) {
            Days days = days(connection);
            LocalDate day = days.first;
            for (int count = 0; day != null && !day.isAfter(days.last) && count < DAYS_AT_ONCE; count++) {
                close(connection, day);
                day = day.plusDays(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The ledger's days could not be added up", e);
        }
    }

    /** The days to add up; there is no first one before the first entry. */
    private record Days(@Nullable LocalDate first, LocalDate last) {
    }

    private static Days days(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DAYS); ResultSet row = statement.executeQuery()) {
            row.next();
            Date first = row.getDate(1);
            return new Days(first == null ? null : first.toLocalDate(), row.getDate(2).toLocalDate());
        }
    }

    private static void close(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CLOSE)) {
            statement.setObject(1, day);
            statement.executeUpdate();
        }
    }
}
