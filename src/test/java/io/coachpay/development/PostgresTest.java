package io.coachpay.development;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresTest {

    private final Path directory;

    PostgresTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void keepsDataBetweenStartsAndAfterTheServerWasKilled() throws Exception {
        try (Postgres first = Postgres.start(directory, 0)) {
            run(first, "create table kept (what text)");
            run(first, "insert into kept values ('before')");
            assertThat(value(first, "show server_version")).startsWith(DataDirectory.MAJOR_VERSION + ".");
            assertThat(value(first, "show fsync") + value(first, "show listen_addresses")).isEqualTo("on127.0.0.1");
        }
        Postgres killed = Postgres.start(directory, 0);
        run(killed, "insert into kept values ('after')");
        ProcessHandle server = server();
        server.destroyForcibly();
        server.onExit().get(30, TimeUnit.SECONDS);
        killed.close();

        try (Postgres again = Postgres.start(directory, 0)) {
            assertThat(value(again, "select string_agg(what, ' ') from kept")).isEqualTo("before after");
        }
    }

    @Test
    void stopsServerThatAKilledJvmLeftRunning() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process jvm = new ProcessBuilder(java.toString(), "-cp", System.getProperty("java.class.path"),
                Kept.class.getName(), directory.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(jvm.inputReader().lines().anyMatch("started"::equals)).isTrue();
        ProcessHandle orphan = server();
        assertThatThrownBy(() -> Postgres.start(directory, 0)).hasMessageContaining("in use by another coachpay");
        jvm.destroyForcibly().waitFor();
        assertThat(orphan.isAlive()).isTrue();

        try (Postgres again = Postgres.start(directory, 0)) {
            assertThat(value(again, "select current_user")).isEqualTo("coachpay_owner");
            assertThat(orphan.isAlive()).isFalse();
        }
    }

    /** A JVM that starts a server and waits to be killed. */
    static final class Kept {
        public static void main(String[] arguments) throws InterruptedException {
            Postgres.start(Path.of(arguments[0]), 0);
            System.out.println("started");
            Thread.sleep(60_000);
        }
    }

    @Test
    void refusesDirectoryOfAnotherVersion() throws IOException {
        Files.writeString(directory.resolve("PG_VERSION"), "17\n");

        assertThatThrownBy(() -> Postgres.start(directory, 0)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was made by PostgreSQL 17, this is PostgreSQL 18");
    }

    @Test
    void refusesPortOfSomebodyElse() throws IOException {
        try (ServerSocket somebody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Postgres.start(directory, somebody.getLocalPort())).hasMessageContaining("is taken");
        }
    }

    private ProcessHandle server() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static void run(Postgres server, String statement) throws SQLException {
        try (Connection owner = connect(server); Statement sql = owner.createStatement()) {
            sql.execute(statement);
        }
    }

    private static String value(Postgres server, String query) throws SQLException {
        try (Connection owner = connect(server);
                Statement sql = owner.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(Postgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.owner().user(), server.owner().password());
    }
}
