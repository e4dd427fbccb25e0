package io.coachpay.access;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import io.quarkus.runtime.StartupEvent;

/**
 * Refuses to start as a database role that row level security does not bind: a superuser, a role with {@code BYPASSRLS}, or the
 * owner of the tables. Warns of rights beside tables that PostgreSQL gives to everybody: only an administrator can take them
 * away.
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

    private static final String LOOSE = """
            select 'make large objects' where has_function_privilege(session_user, 'lo_create(oid)', 'execute')
            union all
            select 'connect to the database ' || datname from pg_database
             where datname in ('postgres', 'template1') and has_database_privilege(session_user, oid, 'connect')
             order by 1""";
    private static final Logger LOG = Logger.getLogger(BypassCheck.class);

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
            loose(connection).forEach(what -> LOG.warnf(
                    "The database role '%s' may %s: have db/roles.sql run again by an administrator", name, what));
        } catch (SQLException e) {
            throw new IllegalStateException("Could not ask the database about the role the service runs as", e);
        }
    }

    /** The role's rights that no policy covers. */
    static List<String> loose(Connection connection) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(LOOSE)) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        }
        return all;
    }

    private static void refuseIf(boolean bypasses, String role, String because) {
        if (bypasses) {
            throw new IllegalStateException("Refusing to start: the database role '" + role + "' " + because
                    + ", so row level security would not protect anybody. Connect as coachpay_app.");
        }
    }
}
