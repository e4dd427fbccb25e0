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
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
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
    /** The service's role. */
    private static final String AS_SERVICE = "-c role=app_service";

    private static final Pattern RANDOM = Pattern.compile("\\\\set (\\w+) random\\((\\d+), :?(\\w+)\\)");
    private static final Pattern VARIABLE = Pattern.compile("(?<!:):(\\w+)");
    private static final Pattern COUNT = Pattern.compile("actually processed: (\\d+)");
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

    private final int port;
    private final String database;
    private final String url;
    private final String user;
    private final String options;
    private final Path directory;
    private final String payload;

    private Yardstick(Postgres server, String database, String user, String options, Path directory, String payload) {
        this.port = server.port();
        this.database = database;
        this.url = server.jdbcUrl(database);
        this.user = user;
        this.options = options;
        this.directory = directory;
        this.payload = payload;
    }

    /**
     * Tables of its own, without a rule.
     *
     * @param payload the body of an event
     */
    static Yardstick plain(Postgres server, Path directory, String payload) throws SQLException {
        server.createDatabase(DATABASE);
        Yardstick yardstick = new Yardstick(server, DATABASE, "postgres", "", directory, payload);
        try (Connection connection = yardstick.connect(); Statement statement = connection.createStatement()) {
            statement.execute(Deliveries.resource("yardstick.sql"));
            statement.execute("vacuum analyze");
        }
        return yardstick;
    }

    /** The service's tables with all their rules, and its login and role; {@link Bookings} are paid there. */
    static Yardstick withRules(Postgres server, Path directory, String payload) throws SQLException {
        try (Connection owner = DriverManager.getConnection(server.jdbcUrl(), server.owner().user(), server.owner().password());
                Statement statement = owner.createStatement()) {
            statement.execute(Deliveries.resource("rules.sql"));
        }
        return new Yardstick(server, "coachpay", server.application().user(), AS_SERVICE, directory, payload);
    }

    /** Whether pgbench is used. */
    static boolean hasPgbench() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "pgbench")));
    }

    /**
     * Commits as fast as they come.
     *
     * @param coaches that the payments are spread over
     */
    Rate run(String script, int clients, int coaches, int seconds) throws Exception {
        return hasPgbench() ? pgbench(script, clients, coaches, "-T", seconds)
                : threads(script, clients, coaches, seconds, Long.MAX_VALUE);
    }

    /** Commits so many for each client. */
    Rate runEach(String script, int clients, int commits) throws Exception {
        return hasPgbench() ? pgbench(script, clients, 1, "-t", commits)
                : threads(script, clients, 1, (int) Load.LONGEST.toSeconds(), commits);
    }

    private Rate pgbench(String script, int clients, int coaches, String limit, int limitedTo)
            throws IOException, InterruptedException {
        Path file = directory.resolve(script);
        Files.writeString(file, Deliveries.resource(script));
        ProcessBuilder command = new ProcessBuilder("pgbench", "-n", "-M", "prepared", "-h", "127.0.0.1", "-p",
                Integer.toString(port), "-U", user, "-c", Integer.toString(clients), "-j",
                Integer.toString(Math.min(clients, 2)), limit, Integer.toString(limitedTo), "-D", "payload=" + payload, "-D",
                "coaches=" + coaches, "-f", file.toString(), database);
        command.environment().put("PGOPTIONS", options);
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher count = COUNT.matcher(output);
        Matcher rate = RATE.matcher(output);
        if (process.exitValue() != 0 || !count.find() || !rate.find()) {
            throw new IllegalStateException("pgbench failed on " + script + ":\n" + output);
        }
        long commits = Long.parseLong(count.group(1));
        return new Rate(commits, commits / Double.parseDouble(rate.group(1)));
    }

    private Rate threads(String script, int clients, int coaches, int seconds, long most) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long begin = System.nanoTime();
            long end = begin + TimeUnit.SECONDS.toNanos(seconds);
            List<Callable<Long>> work = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                work.add(() -> commits(script, coaches, end, most));
            }
            long commits = 0;
            for (Future<Long> one : threads.invokeAll(work)) {
                commits += one.get();
            }
            return new Rate(commits, (System.nanoTime() - begin) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }

    private long commits(String script, int coaches, long end, long most) throws SQLException {
        String text = Deliveries.resource(script);
        Map<String, MatchResult> random = new HashMap<>();
        RANDOM.matcher(text).results().forEach(found -> random.put(found.group(1), found));
        String sql = RANDOM.matcher(text).replaceAll("").strip();
        List<String> names = VARIABLE.matcher(sql).results().map(found -> found.group(1)).toList();
        long commits = 0;
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(VARIABLE.matcher(sql).replaceAll("?"))) {
            while (commits < most && System.nanoTime() < end) {
                Map<String, Long> drawn = new HashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    MatchResult range = random.get(names.get(i));
                    if (range == null) {
                        statement.setString(i + 1, payload);
                    } else {
                        statement.setLong(i + 1, drawn.computeIfAbsent(names.get(i), name -> draw(range, coaches)));
                    }
                }
                statement.execute();
                commits++;
            }
        }
        return commits;
    }

    private static long draw(MatchResult range, int coaches) {
        long least = Long.parseLong(range.group(2));
        long most = range.group(3).equals("coaches") ? coaches : Long.parseLong(range.group(3));
        return ThreadLocalRandom.current().nextLong(least, most + 1);
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("options", options);
        return DriverManager.getConnection(url, properties);
    }
}
