package io.coachpay.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.development.Postgres;

/** The figures of a run: printed as they come, and written to a file at its end. */
final class Report {

    private final Map<String, Object> machine;
    private final Map<String, Double> figures;
    private final String prefix;

    Report() {
        this(new LinkedHashMap<>(), new LinkedHashMap<>(), "");
    }

    private Report(Map<String, Object> machine, Map<String, Double> figures, String prefix) {
        this.machine = machine;
        this.figures = figures;
        this.prefix = prefix;
    }

    /** The same report, for figures whose names begin so. */
    Report under(String name) {
        return new Report(machine, figures, name + ".");
    }

    /** The machine, without which no figure means anything. */
    void machine(Postgres server) throws SQLException {
        if (!machine.isEmpty()) {
            return;
        }
        machine.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("load", load());
        machine.put("java", Runtime.version().toString());
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("yardstick", Yardstick.hasPgbench() ? "pgbench" : "JDBC");
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet settings = statement.executeQuery("select name, setting from pg_settings where name in ("
                        + "'server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers')")) {
            while (settings.next()) {
                machine.put("postgres." + settings.getString(1), settings.getString(2));
            }
        }
        System.out.println(machine);
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    void put(String name, double value) {
        figures.put(prefix + name, Math.round(value * 1000) / 1000.0);
        System.out.printf(Locale.ROOT, "%-52s %12.3f%n", prefix + name, value);
    }

    /**
     * Puts what one kind of work reaches of another: by the clock, and by the processor time of an event, where that is known.
     */
    void ratio(String name, Rounds ours, Rounds theirs) {
        put(name, ours.perSecond() / theirs.perSecond());
        if (ours.microseconds() > 0) {
            put(name + ".processor", theirs.microseconds() / ours.microseconds());
        }
    }

    /** Writes one file for each Java version, so that two of them can be laid side by side. */
    void write(Path directory) throws IOException {
        machine.put("load.end", load());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        all.put("figures", figures);
        String json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
        Files.writeString(directory.resolve("java-" + Runtime.version().feature() + ".json"), json);
    }
}
