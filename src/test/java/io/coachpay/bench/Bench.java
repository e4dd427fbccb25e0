package io.coachpay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.Issuer;
import io.coachpay.packaged.PackagedService;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;

/**
 * Measures the packaged service: {@code Bench <quarkus-run.jar> <directory for the results> [events|history]}. Yardstick and
 * service take turns, so that whatever else the machine does meanwhile slows both.
 */
final class Bench {

    private static final String ALL = "all";

    private static final int MANY_CLIENTS = 64;
    private static final int SOME_CLIENTS = 16;
    private static final int YARDSTICK_WRITERS = 8;
    private static final int COACHES = 1000;

    private static final int ROUNDS = 3;
    private static final int SECONDS = 3;
    private static final int WARM_UP = 6000;
    private static final int ACCEPTED = 8000;
    private static final int ANSWERED = 5000;
    private static final int APPLIED = 2500;
    private static final int HOT = 1500;
    private static final int PACED_SECONDS = 6;
    private static final int PACED_AT_MOST = 6000;
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private final Path packaged;
    private final Path directory;
    private final Report report = new Report();

    private Bench(Path packaged, Path directory) {
        this.packaged = packaged;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]).toAbsolutePath();
        Files.createDirectories(directory);
        Bench bench = new Bench(Path.of(arguments[0]), directory);
        bench.run(arguments.length < 3 ? ALL : arguments[2]);
    }

    /** @param part which of the two halves, {@code events} or {@code history}, or {@code all} */
    private void run(String part) throws Exception {
        Files.deleteIfExists(log());
        if (!part.equals("history")) {
            events();
        }
        if (!part.equals("events")) {
            new HistoryBench(packaged, directory, report).run();
        }
        report.write(directory);
    }

    private void events() throws Exception {
        Path data = directory.resolve("postgres");
        delete(data);
        prepare(data);
        try (Postgres server = Postgres.start(data, 0);
                Issuer issuer = new Issuer();
                Sandbox stripe = Sandbox.start(Options.ofTests())) {
            report.machine(server);
            starts(server, issuer, stripe.uri().toString());
            try (PackagedService service = PackagedService.start(packaged, log(), server, issuer.uri(),
                    stripe.uri().toString())) {
                report.put("start.seconds", service.startSeconds());
                Thread.sleep(3000);
                service.residentMegabytes().ifPresent(megabytes -> report.put("memory.idle.megabytes", (double) megabytes));
                measure(server, service, data);
            }
        } finally {
            delete(data);
        }
    }

    /** The first start makes the schema, which is not what a start costs every day. */
    private void starts(Postgres server, Issuer issuer, String stripe) throws Exception {
        try (PackagedService service = PackagedService.start(packaged, log(), server, issuer.uri(), stripe)) {
            report.put("start.first.seconds", service.startSeconds());
        }
    }

    private void measure(Postgres server, PackagedService service, Path data) throws Exception {
        Yardstick yardstick = new Yardstick(server, directory, Deliveries.event("payment_intent.created", Booking.ANY));
        int spread = WARM_UP + ROUNDS * APPLIED + PACED_AT_MOST;
        try (Bookings bookings = new Bookings(server, spread, ROUNDS * HOT)) {
            Load.closedLoop(service.port(), Deliveries.ofNoConcern(WARM_UP), MANY_CLIENTS, LONGEST);
            apply(service, bookings, WARM_UP);
            bookings.analyze();
            Use use = new Use(service.pid(), postmaster(data));
            accept(service, yardstick, use);
            answer(service);
            double perSecond = applySpread(service, yardstick, bookings, use);
            lag(service, bookings, perSecond / 2);
            applyHot(service, yardstick, bookings, perSecond);
            bookings.requirePaid();
        }
        service.residentMegabytes().ifPresent(megabytes -> report.put("memory.worked.megabytes", (double) megabytes));
    }

    /** Verified, stored, committed, answered. */
    private void accept(PackagedService service, Yardstick yardstick, Use use) throws Exception {
        Rounds ours = new Rounds();
        Rounds jsonb = new Rounds();
        Rounds text = new Rounds();
        for (int round = 0; round < ROUNDS; round++) {
            jsonb.add(yardstick.perSecond("insert-jsonb.sql", MANY_CLIENTS, COACHES, SECONDS));
            List<byte[]> requests = Deliveries.ofNoConcern(ACCEPTED);
            use.begin();
            ours.add(Load.closedLoop(service.port(), requests, MANY_CLIENTS, LONGEST).perSecond());
            use.end(ACCEPTED);
            text.add(yardstick.perSecond("insert-text.sql", MANY_CLIENTS, COACHES, SECONDS));
        }
        report.put("accept.perSecond", ours.median());
        report.put("accept.yardstick.jsonb.perSecond", jsonb.median());
        report.put("accept.yardstick.text.perSecond", text.median());
        report.put("accept.ratio", ours.median() / jsonb.median());
        report.put("accept.ratio.text", ours.median() / text.median());
        use.report(report, "accept");
    }

    private void answer(PackagedService service) throws IOException {
        Load.Answers answers = Load.closedLoop(service.port(), Deliveries.ofNoConcern(ANSWERED), SOME_CLIENTS, LONGEST);
        report.put("answer.p50.milliseconds", answers.percentile(0.5));
        report.put("answer.p99.milliseconds", answers.percentile(0.99));
    }

    private double applySpread(PackagedService service, Yardstick yardstick, Bookings bookings, Use use) throws Exception {
        Rounds ours = new Rounds();
        Rounds theirs = new Rounds();
        for (int round = 0; round < ROUNDS; round++) {
            theirs.add(yardstick.perSecond("take-payment.sql", YARDSTICK_WRITERS, COACHES, SECONDS));
            use.begin();
            ours.add(apply(service, bookings, APPLIED));
            use.end(APPLIED);
        }
        report.put("apply.perSecond", ours.median());
        report.put("apply.yardstick.perSecond", theirs.median());
        report.put("apply.ratio", ours.median() / theirs.median());
        use.report(report, "apply");
        return ours.median();
    }

    private void applyHot(PackagedService service, Yardstick yardstick, Bookings bookings, double spread) throws Exception {
        bookings.skipToHot();
        Rounds ours = new Rounds();
        Rounds theirs = new Rounds();
        for (int round = 0; round < ROUNDS; round++) {
            theirs.add(yardstick.perSecond("take-payment.sql", YARDSTICK_WRITERS, 1, SECONDS));
            ours.add(apply(service, bookings, HOT));
        }
        report.put("hot.perSecond", ours.median());
        report.put("hot.yardstick.perSecond", theirs.median());
        report.put("hot.ratio", ours.median() / theirs.median());
        report.put("hot.ratio.spread", ours.median() / spread);
    }

    private void lag(PackagedService service, Bookings bookings, double perSecond) throws Exception {
        int count = (int) Math.min(PACED_AT_MOST, perSecond * PACED_SECONDS);
        Load.paced(service.port(), Deliveries.paid(bookings.take(count)), SOME_CLIENTS, perSecond, LONGEST);
        bookings.awaitApplied(LONGEST);
        Double[] lag = bookings.lag(count);
        report.put("lag.p50.milliseconds", lag[0]);
        report.put("lag.p99.milliseconds", lag[1]);
    }

    /** Payments a second, from the first request until the last one is in the books. */
    private double apply(PackagedService service, Bookings bookings, int count) throws Exception {
        List<byte[]> requests = Deliveries.paid(bookings.take(count));
        long begin = System.nanoTime();
        Load.closedLoop(service.port(), requests, MANY_CLIENTS, LONGEST);
        bookings.awaitApplied(LONGEST);
        return count / ((System.nanoTime() - begin) / 1e9);
    }

    /** Lets the server note when transactions commit, which tells the lag of events and takes effect at its next start. */
    private static void prepare(Path data) throws SQLException {
        try (Postgres server = Postgres.start(data, 0);
                Connection administrator = DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
                Statement statement = administrator.createStatement()) {
            statement.execute("alter system set track_commit_timestamp = on");
        }
    }

    static long postmaster(Path data) throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    }

    private Path log() {
        return directory.resolve("service.log");
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
