package io.coachpay.development;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A PostgreSQL for development and tests: nothing to install, nothing to configure. It listens on localhost alone and lets
 * anybody there in, so it holds nothing but play money.
 */
public final class Postgres implements AutoCloseable {

    private static final String DATABASE = "coachpay";

    private final EmbeddedPostgres server;

    private Postgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /** A user of the database and the password that goes with it. */
    public record Login(String user, String password) {
    }

    /**
     * Starts a server on a directory that is kept between starts, also after this JVM or the server was killed.
     *
     * @param port the port to listen on, or 0 for any free one
     * @throws IllegalStateException when the directory belongs to another version of PostgreSQL or is in use, or the
     *         server does not start
     */
    public static Postgres start(Path directory, int port) {
        DataDirectory data = new DataDirectory(directory);
        data.requireOurVersion();
        data.stopOrphan();
        requireFree(port);
        return prepared(start(settings()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on"), data.toString()));
    }

    /** Starts a new server that does not wait for the disk; its data is deleted when it stops. */
    public static Postgres startForgetful() {
        return prepared(start(settings().setServerConfig("full_page_writes", "off"), "a temporary directory"));
    }

    private static EmbeddedPostgres.Builder settings() {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofSeconds(30))
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "200")
                // A file for each day of the month, in the directory log of its data; only there are a deadlock's statements.
                .setServerConfig("logging_collector", "on")
                .setServerConfig("log_filename", "postgresql-%d.log")
                .setServerConfig("log_truncate_on_rotation", "on")
                .setServerConfig("log_rotation_size", "0");
    }

    private static EmbeddedPostgres start(EmbeddedPostgres.Builder settings, String where) {
        try {
            return settings.start();
        } catch (IOException | IllegalStateException e) {
            throw new IllegalStateException("PostgreSQL does not start on " + where
                    + "; if a start was interrupted there, delete the directory: " + e.getMessage(), e);
        }
    }

    /** Checks the port before the start, because a server without its port reports that in its log alone. */
    private static void requireFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new IllegalStateException("Port " + port + " for PostgreSQL is taken: " + e.getMessage(), e);
        }
    }

    private static Postgres prepared(EmbeddedPostgres server) {
        Postgres postgres = new Postgres(server);
        try {
            postgres.createDatabase(DATABASE);
            return postgres;
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** Creates a database and coachpay's roles in it; existing ones stay unchanged. */
    public void createDatabase(String name) {
        try (Connection administrator = connect("postgres", "postgres", "");
                Statement statement = administrator.createStatement()) {
            if (!exists(statement, name)) {
                statement.execute("create database \"" + name + "\"");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot create the database " + name, e);
        }
        try (Connection administrator = connect(name, "postgres", "");
                Statement statement = administrator.createStatement()) {
            statement.execute(rolesScript());
            for (Login login : List.of(owner(), application())) {
                statement.execute("alter role " + login.user() + " password '" + login.password() + "'");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot create the roles of " + name, e);
        }
    }

    private static boolean exists(Statement statement, String database) throws SQLException {
        try (ResultSet found = statement.executeQuery("select from pg_database where datname = '" + database + "'")) {
            return found.next();
        }
    }

    private static String rolesScript() {
        try (InputStream script = Postgres.class.getResourceAsStream("/db/roles.sql")) {
            if (script == null) {
                throw new IllegalStateException("db/roles.sql is not on the class path");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address of the service's database. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** The address of another database of this server. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
    }

    /** The port it listens on. */
    public int port() {
        return server.getPort();
    }

    /** The login that owns the schema and migrates it. */
    public Login owner() {
        return new Login("coachpay_owner", "coachpay_owner");
    }

    /** The login of the running service. */
    public Login application() {
        return new Login("coachpay_app", "coachpay_app");
    }

    /** Quarkus settings that connect the service to this server. */
    public Map<String, String> properties() {
        return Map.of(
                "quarkus.datasource.jdbc.url", jdbcUrl(),
                "quarkus.datasource.username", application().user(),
                "quarkus.datasource.password", application().password(),
                "quarkus.datasource.service.jdbc.url", jdbcUrl(),
                "quarkus.datasource.service.username", application().user(),
                "quarkus.datasource.service.password", application().password(),
                "quarkus.liquibase.username", owner().user(),
                "quarkus.liquibase.password", owner().password());
    }

    private Connection connect(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), user, password);
    }

    /** Stops the server; the directory given to {@link #start} stays. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
