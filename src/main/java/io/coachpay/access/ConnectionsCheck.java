package io.coachpay.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.quarkus.runtime.StartupEvent;

/**
 * Warns at start when the server has fewer connections than this instance may need: under load some of its requests would be
 * answered with 503.
 */
@ApplicationScoped
class ConnectionsCheck {

    private static final Logger LOG = Logger.getLogger(ConnectionsCheck.class);
    /** The pool for database transactions and the one beside it. */
    private static final int POOLS = 2;
    /** The connections that remain after those reserved for administrators and those that other roles use now. */
    private static final String LEFT = """
            select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                   - coalesce(current_setting('reserved_connections', true)::int, 0)
                   - (select count(*) from pg_stat_activity where backend_type = 'client backend' and usename <> session_user)""";

    private final DataSource database;
    private final DatabaseSettings settings;

    ConnectionsCheck(DataSource database, DatabaseSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    void atStart(@Observes StartupEvent start) {
        try (Connection connection = database.getConnection()) {
            String shortage = shortage(connection, POOLS * settings.connections());
            if (shortage != null) {
                LOG.warn(shortage);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not ask the database how many connections it has", e);
        }
    }

    /** The warning when the server has fewer connections than needed; null when it has enough. */
    static @Nullable String shortage(Connection connection, int needed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LEFT); ResultSet row = statement.executeQuery()) {
            row.next();
            int left = row.getInt(1);
            return left >= needed ? null
                    : "PostgreSQL has " + left + " connections left for the service, and each instance may need " + needed
                            + ": raise max_connections, or lower coachpay.database.connections";
        }
    }
}
