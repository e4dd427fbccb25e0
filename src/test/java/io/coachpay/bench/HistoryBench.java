package io.coachpay.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.Issuer;
import io.coachpay.packaged.PackagedService;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;

/**
 * Measures the packaged service on a database that has seen a million payments, and on one with ten thousand for comparison:
 * reads of coaches, a comparison of all books, and a day on which everybody is paid out.
 */
final class HistoryBench {

    static final int PAYMENTS_OF_A_COACH = 500;
    private static final int FEW = 10_000;
    private static final int MANY = 1_000_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** The database is filled faster when it need not be able to undo it, or to replicate it; a page here is one of 8 kB. */
    private static final List<String> SETTINGS = List.of("wal_level = minimal", "max_wal_senders = 0", "max_wal_size = '16GB'");

    private static final String RECONCILED = """
            select extract(epoch from finished_at - started_at), balance_transactions, open_findings
              from reconciliation_runs where status = 'done' order by id offset %d limit 1""";
    private static final String FOUND = """
            select string_agg(concat_ws(' ', kind, cause, amount, currency, details), ', ') from (
              select * from reconciliation_findings where resolved_at is null limit 10) as first""";
    private static final String HOLDINGS = """
            select c.stripe_account_id, a.currency,
                   (a.balance * case a.currency when 'JPY' then 1 else 100 end)::bigint as amount
              from ledger_accounts a join stripe_connected_accounts c on c.user_id = a.owner_id
             where a.kind = 'coach_available' and a.balance > 0""";
    private static final String NOBODY_YET = "update payout_marks set not_before = now() + interval '1 day'";
    private static final String EVERYBODY = "update payout_marks set not_before = null";
    private static final String PAID_OUT = """
            select count(*) filter (where stripe_payout_id is not null), count(*) filter (where stripe_payout_id is null),
                   extract(epoch from max(updated_at) filter (where stripe_payout_id is not null) - min(requested_at))
              from payouts where requested_at > ?::timestamptz""";

    private final Path packaged;
    private final Path directory;
    private final Report report;

    HistoryBench(Path packaged, Path directory, Report report) {
        this.packaged = packaged;
        this.directory = directory;
        this.report = report;
    }

    void run() throws Exception {
        Map<String, Double> few = measure("few", FEW, false);
        Map<String, Double> many = measure("many", MANY, true);
        many.forEach((question, milliseconds) -> report.put("many." + question + ".ratio", milliseconds / few.get(question)));
    }

    private Map<String, Double> measure(String size, int payments, boolean everything) throws Exception {
        int coaches = payments / PAYMENTS_OF_A_COACH;
        Path data = directory.resolve("postgres-" + size);
        Bench.delete(data);
        try (Issuer issuer = new Issuer(); Sandbox stripe = Sandbox.start(Options.ofTests())) {
            prepare(data, issuer, stripe);
            try (Postgres server = Postgres.start(data, 0)) {
                report.machine(server);
                Banks banks = new Banks(stripe.uri());
                List<String> accounts = banks.open(History.currencies(coaches));
                fill(server, size, payments, accounts, Bench.postmaster(data));
                try (PackagedService service = PackagedService.start(packaged, Bench.log(directory), server, issuer.uri(),
                        stripe.uri().toString(), Map.of("COACHPAY_STRIPE_BACKGROUND_CALLS_PER_SECOND", "0"))) {
                    reconcile(server, size + ".reconcile.whole", 0, issuer, service.port());
                    reconcile(server, size + ".reconcile", 1, issuer, service.port());
                    Map<String, Double> slowest = new Reads(server, issuer, service.port(), coaches).measure(report, size);
                    if (everything) {
                        payOut(server, banks, coaches);
                    }
                    return slowest;
                }
            }
        } finally {
            Bench.delete(data);
        }
    }

    /** A server that can be filled. The service makes the schema; the settings take effect when the server starts again. */
    void prepare(Path data, Issuer issuer, Sandbox stripe) throws Exception {
        try (Postgres server = Postgres.start(data, 0)) {
            PackagedService.start(packaged, Bench.log(directory), server, issuer.uri(), stripe.uri().toString()).close();
            for (String setting : SETTINGS) {
                run(server, "alter system set " + setting);
            }
        }
    }

    /**
     * Fills it.
     *
     * @param accounts of the coaches at Stripe
     */
    void fill(Postgres server, String size, int payments, List<String> accounts, long postmaster) throws Exception {
        double used = Processor.seconds(postmaster) + Processor.seconds(ProcessHandle.current().pid());
        long begin = System.nanoTime();
        long rows = History.write(server.jdbcUrl(), payments, accounts.size(), accounts::get, Instant.now());
        report.put(size + ".rows", (double) rows);
        report.put(size + ".fill.seconds", (System.nanoTime() - begin) / 1e9);
        report.put(size + ".fill.processor.seconds",
                Processor.seconds(postmaster) + Processor.seconds(ProcessHandle.current().pid()) - used);
        run(server, NOBODY_YET);
        run(server, "checkpoint");
    }

    /** The first run goes through all books; little has changed for the next one. */
    private void reconcile(Postgres server, String figure, int runsBefore, Issuer issuer, int port) throws Exception {
        URI path = URI.create("http://127.0.0.1:" + port + "/v1/admin/reconciliation/run");
        int status = HttpClient.newHttpClient().send(HttpRequest.newBuilder(path).POST(BodyPublishers.noBody())
                .header("Authorization", "Bearer " + issuer.token("administrator", "admin")).build(),
                BodyHandlers.discarding()).statusCode();
        if (status != 202) {
            throw new IllegalStateException("A reconciliation is answered with " + status);
        }
        Double[] run = await(server, RECONCILED.formatted(runsBefore), 0);
        report.put(figure + ".seconds", run[0]);
        report.put(figure + ".lines", run[1]);
        if (run[2] > 0) {
            throw new IllegalStateException("Differences are found in books that have none: " + found(server));
        }
    }

    private static String found(Postgres server) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FOUND)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Everybody is due, and Stripe answers at once. */
    private void payOut(Postgres server, Banks banks, int coaches) throws Exception {
        List<Banks.Holding> holdings = new ArrayList<>();
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(HOLDINGS)) {
            while (rows.next()) {
                holdings.add(new Banks.Holding(rows.getString(1), rows.getString(2), rows.getLong(3)));
            }
        }
        banks.fill(holdings);
        String begin = Instant.now().toString();
        run(server, EVERYBODY);
        Double[] paid = await(server, PAID_OUT.replace("?", "'" + begin + "'"), coaches);
        report.put("payouts", paid[0]);
        report.put("payouts.perSecond", paid[0] / paid[2]);
    }

    /** Waits for a row whose first figure is at least so much. */
    private static Double[] await(Postgres server, String query, double atLeast) throws Exception {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < deadline) {
            try (Connection connection = connect(server);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                if (row.next() && row.getDouble(1) >= atLeast) {
                    return new Double[] { row.getDouble(1), row.getDouble(2), row.getDouble(3) };
                }
            }
            Thread.sleep(500);
        }
        throw new IllegalStateException("After " + LONGEST + " there is still no outcome of " + query);
    }

    private static void run(Postgres server, String statement) throws SQLException {
        try (Connection connection = connect(server); Statement each = connection.createStatement()) {
            each.execute(statement);
        }
    }

    private static Connection connect(Postgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
    }
}
