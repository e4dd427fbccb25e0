package io.coachpay.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import io.coachpay.development.Postgres;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** One embedded PostgreSQL for all tests of a JVM, migrated once. */
public final class Database {

    private static final Postgres SERVER = migrated(Postgres.startForgetful());

    private Database() {
    }

    /** The server that all tests share. */
    public static Postgres server() {
        return SERVER;
    }

    /** A connection as the schema's owner, who is bound by triggers like everybody else. */
    public static Connection owner() {
        return connect(SERVER.jdbcUrl(), SERVER.owner());
    }

    /** A connection as the service makes it: without any rights until it takes on a role. */
    public static Connection application() {
        return connect(SERVER.jdbcUrl(), SERVER.application());
    }

    /** Does something in one database transaction as the service does it: role and user are set at its begin. */
    public static <T extends @Nullable Object> T as(Caller caller, Work<T> work) throws SQLException {
        try (Connection connection = application()) {
            connection.setAutoCommit(false);
            caller.begin(connection);
            T result = work.in(connection);
            connection.commit();
            return result;
        }
    }

    /** The work of a database transaction. An exception rolls it back. */
    public interface Work<T extends @Nullable Object> {
        T in(Connection connection) throws SQLException;
    }

    /** A connection to another database of the server. */
    static Connection connect(String url, Postgres.Login login) {
        try {
            return DriverManager.getConnection(url, login.user(), login.password());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another database of the shared server, migrated and empty; its address. */
    public static String fresh(String name) {
        SERVER.createDatabase(name);
        migrate(SERVER.jdbcUrl(name), SERVER, liquibase -> liquibase.update(""));
        return SERVER.jdbcUrl(name);
    }

    private static Postgres migrated(Postgres server) {
        migrate(server.jdbcUrl(), server, liquibase -> liquibase.update(""));
        return server;
    }

    /** A use of a database's migrations. */
    interface Migration {
        void run(Liquibase liquibase) throws LiquibaseException;
    }

    /** Runs migrations as the owner, as the service does at its start. */
    static void migrate(String url, Postgres server, Migration migration) {
        try (Connection owner = connect(url, server.owner());
                Liquibase liquibase = new Liquibase("db/changelog.yaml", new ClassLoaderResourceAccessor(),
                        DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(owner)))) {
            // otherwise each changeset of each test is printed on the console
            Scope.child(Scope.Attr.ui, new LoggerUIService(), () -> migration.run(liquibase));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
