package io.coachpay.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The identity that a database transaction runs as.
 *
 * @param role the database role, or none for a connection that took on none
 * @param userId the user's id, empty for nobody
 */
public record Caller(String role, String userId) {

    /** Webhooks and jobs. */
    public static final Caller SERVICE = new Caller("app_service", "");

    /** A caller without a token. */
    public static final Caller ANONYMOUS = new Caller("app_user", "");

    /** The service's login before any role is set. */
    public static final Caller NOBODY = new Caller("none", "");

    /** A signed-in person. */
    public static Caller user(UUID id) {
        return new Caller("app_user", id.toString());
    }

    /** An administrator. */
    public static Caller admin(UUID id) {
        return new Caller("app_admin", id.toString());
    }

    void begin(Connection connection) throws SQLException {
        Sql.run(connection, "select set_config('role', ?, true), set_config('app.user_id', ?, true)", role, userId);
    }
}
