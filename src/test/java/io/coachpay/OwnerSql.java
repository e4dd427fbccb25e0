package io.coachpay;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

import io.coachpay.development.Postgres;

/** SQL on the running service's tables as their owner, who sees all rows. Question marks take the values given. */
public final class OwnerSql {

    /** Kept, because a connection costs more than most queries; concurrent callers wait for it. */
    private static @Nullable Connection kept;
    private static @Nullable Postgres elsewhere;

    private OwnerSql() {
    }

    /** The rows of a query, by the names of their columns. */
    public static synchronized List<Map<String, @Nullable Object>> rows(String query, @Nullable Object... values) {
        try (PreparedStatement statement = prepared(connection(), query, values);
                ResultSet rows = statement.executeQuery()) {
            List<Map<String, @Nullable Object>> all = new ArrayList<>();
            while (rows.next()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.put(rows.getMetaData().getColumnLabel(column), rows.getObject(column));
                }
                all.add(row);
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes rows, and returns how many. */
    public static synchronized int run(String statement, @Nullable Object... values) {
        try (PreparedStatement prepared = prepared(connection(), statement, values)) {
            return prepared.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file the server is writing its log to, as the server's superuser reads it. */
    public static synchronized String serverLog() {
        try (Connection owner = another();
                Connection superuser = DriverManager.getConnection(owner.getMetaData().getURL(), "postgres", "");
                PreparedStatement file = superuser.prepareStatement("select pg_read_file(pg_current_logfile())");
                ResultSet log = file.executeQuery()) {
            return log.next() ? log.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private static Connection connection() throws SQLException {
        Connection before = kept;
        if (before != null && before.isValid(1)) {
            return before;
        }
        Connection made = another();
        kept = made;
        return made;
    }

    /** Points to the database of a service that runs as a process of its own; null points back. */
    public static synchronized void isOf(@Nullable Postgres database) throws SQLException {
        elsewhere = database;
        Connection before = kept;
        kept = null;
        if (before != null) {
            before.close();
        }
    }

    /** A connection of its own, for a test that holds locks; the caller closes it. */
    public static Connection another() throws SQLException {
        Postgres other = elsewhere;
        if (other != null) {
            return DriverManager.getConnection(other.jdbcUrl(), other.owner().user(), other.owner().password());
        }
        Config config = ConfigProvider.getConfig();
        return DriverManager.getConnection(config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.liquibase.username", String.class),
                config.getValue("quarkus.liquibase.password", String.class));
    }
}
