package io.coachpay.access;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;

/**
 * Refuses to start as a database role for which row level security is no wall: a superuser, a role with
 * {@code BYPASSRLS}, or the owner of the tables.
 *
 * @see <a href="https://www.postgresql.org/docs/current/ddl-rowsecurity.html">PostgreSQL: row security policies</a>
 */
@ApplicationScoped
class BypassCheck {

    private static final String QUESTION = """
            select rolname, rolsuper, rolbypassrls, rolinherit,
                   exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
                            where n.nspname = 'public' and c.relkind = 'r' and c.relowner = r.oid) as owner
              from pg_roles r where rolname = session_user""";

    private final DataSource database;

    BypassCheck(DataSource database) {
        this.database = database;
    }

    void atStart(@Observes StartupEvent start) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet role = statement.executeQuery(QUESTION)) {
            role.next();
            String name = role.getString("rolname");
            refuseIf(role.getBoolean("rolsuper"), name, "is a superuser");
            refuseIf(role.getBoolean("rolbypassrls"), name, "has BYPASSRLS");
            refuseIf(role.getBoolean("owner"), name, "owns tables of the service");
            refuseIf(role.getBoolean("rolinherit"), name,
                    "inherits its groups' rights outside of transactions (make it NOINHERIT)");
        } catch (SQLException e) {
            throw new IllegalStateException("Could not ask the database about the role the service runs as", e);
        }
    }

    private static void refuseIf(boolean bypasses, String role, String because) {
        if (bypasses) {
            throw new IllegalStateException("Refusing to start: the database role '" + role + "' " + because
                    + ", so row level security would not protect anybody. Connect as coachpay_app.");
        }
    }
}
