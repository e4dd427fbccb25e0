package io.coachpay.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import io.coachpay.development.FreePort;
import io.coachpay.development.Postgres;

/**
 * A PostgreSQL for one test alone, which waits for the disk as one in production does: it can crash and be started again at the
 * same address, and its data can be copied and put back.
 */
final class OwnPostgres implements AutoCloseable {

    private static final long LONGEST_END_SECONDS = 30;

    private final Path directory;
    private final int port;
    private Postgres server;

    OwnPostgres() throws IOException {
        directory = Files.createTempDirectory("coachpay-postgres");
        port = FreePort.any();
        server = Postgres.start(data(), port);
    }

    /** Its address and logins; the same after each start. */
    Postgres server() {
        return server;
    }

    private Path data() {
        return directory.resolve("data");
    }

    /** Cuts all of the service's connections, as a failover or a firewall would; returns how many there were. */
    int cutConnections() throws SQLException {
        try (Connection administrator = DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
                Statement statement = administrator.createStatement();
                ResultSet cut = statement.executeQuery("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'coachpay_app'""")) {
            cut.next();
            return cut.getInt(1);
        }
    }

    /** Ends without writing its memory to disk, so that the next start has to recover. */
    void crash() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(data().resolve("postmaster.pid")).get(0).strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).inheritIO().start().waitFor();
            postmaster.onExit().get(LONGEST_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("PostgreSQL does not crash", e);
        }
        stop();
    }

    void stop() {
        server.close();
    }

    void start() {
        server = Postgres.start(data(), port);
    }

    /** Copies the data as they are now; the server is stopped for it. */
    void backUp() throws IOException {
        stop();
        copy(data(), directory.resolve("backup"));
        start();
    }

    /** Puts the copy back; everything since then is lost. */
    void restore() throws IOException {
        stop();
        delete(data());
        copy(directory.resolve("backup"), data());
        start();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                // With its rights: PostgreSQL starts on no directory that others may read.
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        stop();
        try {
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
