package io.coachpay.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.coachpay.development.Postgres;

/**
 * Measures PostgreSQL alone with a script, one statement per commit: by pgbench where it is installed, else by threads with
 * prepared statements, which take more of the machine and so make the yardstick a little shorter.
 */
final class Yardstick {

    private static final String DATABASE = "yardstick";
    private static final Pattern RANDOM = Pattern.compile("\\\\set (\\w+) random\\(1, :?(\\w+)\\)");
    private static final Pattern VARIABLE = Pattern.compile("(?<!:):(\\w+)");
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

    private final Postgres server;
    private final Path directory;
    private final String payload;

    /** @param payload the body of an event */
    Yardstick(Postgres server, Path directory, String payload) throws SQLException {
        this.server = server;
        this.directory = directory;
        this.payload = payload;
        server.createDatabase(DATABASE);
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(Deliveries.resource("yardstick.sql"));
            statement.execute("vacuum analyze");
        }
    }

    /** Whether pgbench is used. */
    static boolean hasPgbench() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "pgbench")));
    }

    /**
     * Commits per second.
     *
     * @param coaches that the payments are spread over
     */
    double perSecond(String script, int clients, int coaches, int seconds) throws Exception {
        return hasPgbench() ? pgbench(script, clients, coaches, seconds) : threads(script, clients, coaches, seconds);
    }

    private double pgbench(String script, int clients, int coaches, int seconds) throws IOException, InterruptedException {
        Path file = directory.resolve(script);
        Files.writeString(file, Deliveries.resource(script));
        Process process = new ProcessBuilder("pgbench", "-n", "-M", "prepared", "-h", "127.0.0.1", "-p",
                Integer.toString(server.port()), "-U", "postgres", "-c", Integer.toString(clients), "-j",
                Integer.toString(Math.min(clients, 2)), "-T", Integer.toString(seconds), "-D", "payload=" + payload, "-D",
                "coaches=" + coaches, "-f", file.toString(), DATABASE).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher rate = RATE.matcher(output);
        if (process.exitValue() != 0 || !rate.find()) {
            throw new IllegalStateException("pgbench failed on " + script + ":\n" + output);
        }
        return Double.parseDouble(rate.group(1));
    }

    private double threads(String script, int clients, int coaches, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long begin = System.nanoTime();
            long end = begin + TimeUnit.SECONDS.toNanos(seconds);
            List<Callable<Long>> work = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                work.add(() -> commits(script, coaches, end));
            }
            long commits = 0;
            for (Future<Long> one : threads.invokeAll(work)) {
                commits += one.get();
            }
            return commits / ((System.nanoTime() - begin) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }

    private long commits(String script, int coaches, long end) throws SQLException {
        String text = Deliveries.resource(script);
        Map<String, String> largest = new HashMap<>();
        RANDOM.matcher(text).results().forEach(found -> largest.put(found.group(1), found.group(2)));
        String sql = RANDOM.matcher(text).replaceAll("").strip();
        List<String> names = VARIABLE.matcher(sql).results().map(found -> found.group(1)).toList();
        long commits = 0;
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(VARIABLE.matcher(sql).replaceAll("?"))) {
            while (System.nanoTime() < end) {
                Map<String, Long> drawn = new HashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    String limit = largest.getOrDefault(names.get(i), "payload");
                    if (limit.equals("payload")) {
                        statement.setString(i + 1, payload);
                    } else {
                        long most = limit.equals("coaches") ? coaches : Long.parseLong(limit);
                        statement.setLong(i + 1, drawn.computeIfAbsent(names.get(i),
                                name -> ThreadLocalRandom.current().nextLong(1, most + 1)));
                    }
                }
                statement.execute();
                commits++;
            }
        }
        return commits;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(DATABASE), "postgres", "");
    }
}
