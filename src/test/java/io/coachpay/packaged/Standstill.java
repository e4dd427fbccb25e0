package io.coachpay.packaged;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.coachpay.development.Postgres;

/** Locks of a test, at which the service stands still between two of its steps. Seen and made as the server's superuser. */
final class Standstill implements AutoCloseable {

    /** An event's row was last locked or changed by the database transaction that is named as its xmax. */
    private static final String TOGETHER = """
            select coalesce(max(events), 0) from (
              select count(*) as events from stripe_events e join pg_stat_activity a on a.backend_xid = e.xmax
               where e.event_id in (%s) and a.usename = 'coachpay_app' and a.wait_event_type = 'Lock'
               group by a.pid) as standing""";

    private final Connection holder;
    private final Connection watcher;

    Standstill(Postgres server) throws SQLException {
        holder = DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
        watcher = DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
        holder.setAutoCommit(false);
    }

    /** Changes something once and for all. */
    void prepare(String sql) throws SQLException {
        try (Statement statement = watcher.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Takes locks, and holds them. */
    void hold(String sql) throws SQLException {
        try (Statement statement = holder.createStatement()) {
            statement.execute(sql);
        }
    }

    void letGo() throws SQLException {
        holder.rollback();
    }

    /** The number of these events that one database transaction applies which waits for a lock. */
    int together(String eventIds) {
        return number(TOGETHER.formatted(eventIds));
    }

    /** The first column of a query's only row. */
    int number(String query) {
        try (Statement statement = watcher.createStatement(); ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends what the service is doing in the database, or would do as soon as the locks are gone. */
    void cut() {
        number("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'coachpay_app'");
    }

    /** Whether the service has a connection. */
    boolean isConnected() {
        return number("select count(*) from pg_stat_activity where usename = 'coachpay_app'") > 0;
    }

    @Override
    public void close() throws SQLException {
        holder.close();
        watcher.close();
    }
}
