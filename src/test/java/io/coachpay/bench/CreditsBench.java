package io.coachpay.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.Issuer;
import io.coachpay.packaged.PackagedService;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;

/** Measures the reads of a wallet with a million lines, and what a purchase of credits takes beside Stripe's part of it. */
final class CreditsBench {

    private static final int LINES = 1_000_000;
    private static final int CLIENTS = 4;
    private static final int WARM_UP = 400;
    private static final int REQUESTS = 1500;
    private static final int PURCHASES = 300;
    private static final Duration LONGEST = Duration.ofMinutes(3);
    /** Servers report their touched pages after being idle for this long. */
    private static final long TOLD_AFTER_MILLISECONDS = 12_000;

    /** A credit comes with each line; checks of single lines are left out, as their result is known. */
    private static final List<String> FILL = List.of("set session_replication_role = replica",
            """
                    insert into ledger_accounts (id, kind, owner_id, currency, balance, lines)
                    select gen_random_uuid(), 'credits', id, 'USD', %1$d, %1$d from users where oidc_subject = 'collector'"""
                    .formatted(LINES),
            """
                    insert into ledger_journals (id, kind, reference, occurred_at)
                    select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'credits_adjusted', n::text, now()
                      from generate_series(1, %d) n""".formatted(LINES),
            """
                    insert into ledger_entries (id, journal_id, account_id, currency, amount, balance_before, balance_after, line)
                    select ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid,
                           ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, a.id, 'USD', 1, n - 1, n, n
                      from ledger_accounts a cross join generate_series(1, %1$d) n where a.kind = 'credits' and a.lines = %1$d"""
                    .formatted(LINES),
            """
                    insert into credit_adjustments (id, user_id, amount, currency, reason, adjusted_by, journal_id)
                    select gen_random_uuid(), a.owner_id, 1, 'USD', 'Goodwill', a.owner_id, e.journal_id
                      from ledger_accounts a join ledger_entries e on e.account_id = a.id where a.lines = %d"""
                    .formatted(LINES),
            "set session_replication_role = origin", "vacuum analyze");
    private static final String TOUCHED = "select blks_hit + blks_read from pg_stat_database where datname = current_database()";
    private static final String SOLD = "select id from credit_packages order by sort_order limit 1";

    private final Path packaged;
    private final Path directory;
    private final Report report;
    private final HttpClient client = HttpClient.newHttpClient();

    CreditsBench(Path packaged, Path directory, Report report) {
        this.packaged = packaged;
        this.directory = directory;
        this.report = report;
    }

    void run() throws Exception {
        Path data = directory.resolve("postgres-credits");
        Bench.delete(data);
        try (Issuer issuer = new Issuer(); Sandbox stripe = Sandbox.start(Options.ofTests())) {
            try (Postgres server = Postgres.start(data, 0);
                    PackagedService service = PackagedService.start(packaged, Bench.log(directory), server, issuer.uri(),
                            stripe.uri().toString(), Map.of("COACHPAY_STRIPE_BACKGROUND_CALLS_PER_SECOND", "0"))) {
                report.machine(server);
                String collector = issuer.token("collector");
                get(service.port(), "/v1/me/credits", collector);
                try (Connection connection = connect(server); Statement statement = connection.createStatement()) {
                    for (String step : FILL) {
                        statement.execute(step);
                    }
                }
                read(server, service.port(), "credits.balance", "/v1/me/credits", collector);
                read(server, service.port(), "credits.history", "/v1/me/credits/transactions", collector);
                read(server, service.port(), "credits.history.hundred", "/v1/me/credits/transactions?limit=100", collector);
                read(server, service.port(), "credits.history.middle",
                        "/v1/me/credits/transactions?after=" + middle(), collector);
                buy(server, service, issuer);
            }
        } finally {
            Bench.delete(data);
        }
    }

    private void read(Postgres server, int port, String figure, String path, String token) throws Exception {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nAuthorization: Bearer "
                + token + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[][] requests = new byte[REQUESTS][];
        Arrays.fill(requests, request);
        Load.closedLoop(port, List.of(requests).subList(0, WARM_UP), CLIENTS, LONGEST);
        Thread.sleep(TOLD_AFTER_MILLISECONDS);
        long before = touched(server);
        Load.Answers answers = Load.closedLoop(port, List.of(requests), CLIENTS, LONGEST);
        Thread.sleep(TOLD_AFTER_MILLISECONDS);
        report.put(figure + ".p50.milliseconds", answers.percentile(0.5));
        report.put(figure + ".p99.milliseconds", answers.percentile(0.99));
        report.put(figure + ".pages", (double) (touched(server) - before) / REQUESTS);
    }

    /**
     * Each buyer is new, so that a customer at Stripe is made as well; one after the other, so that the calls' time is theirs.
     */
    private void buy(Postgres server, PackagedService service, Issuer issuer) throws Exception {
        String order = "{\"packageId\": \"" + value(server, SOLD) + "\"}";
        double[] own = new double[PURCHASES];
        double[] whole = new double[PURCHASES];
        for (int i = 0; i < PURCHASES; i++) {
            String token = issuer.token("buyer-" + i);
            double before = callsTake(service);
            long begin = System.nanoTime();
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(uri(service.port(), "/v1/credits/checkout"))
                    .header("Authorization", "Bearer " + token).header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(order)).build(), BodyHandlers.ofString());
            whole[i] = (System.nanoTime() - begin) / 1e6;
            own[i] = whole[i] - (callsTake(service) - before) * 1e3;
            if (answer.statusCode() != 201) {
                throw new IllegalStateException("A purchase is answered with " + answer.statusCode() + ": " + answer.body());
            }
        }
        // The first third warms up.
        double[] warm = Arrays.stream(own).skip(PURCHASES / 3).sorted().toArray();
        report.put("credits.purchase.own.p50.milliseconds", warm[warm.length / 2]);
        report.put("credits.purchase.own.p99.milliseconds", warm[warm.length - 1 - warm.length / 100]);
        double[] all = Arrays.stream(whole).skip(PURCHASES / 3).sorted().toArray();
        report.put("credits.purchase.p50.milliseconds", all[all.length / 2]);
    }

    /** The seconds that the service's calls to Stripe have taken. */
    private double callsTake(PackagedService service) throws Exception {
        return get(service.managementPort(), "/q/metrics", "").lines()
                .filter(line -> line.startsWith("coachpay_stripe_calls_seconds_sum"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    private String get(int port, String path, String token) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri(port, path)).header("Authorization", "Bearer " + token).build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " is answered with " + answer.statusCode());
        }
        return answer.body();
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The cursor behind the line in the middle: its id, as pages write it. */
    private static String middle() {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        UUID id = UUID.fromString("00000000-0000-7000-9000-%012x".formatted(LINES / 2));
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private static long touched(Postgres server) throws SQLException {
        return Long.parseLong(value(server, TOUCHED));
    }

    private static String value(Postgres server, String query) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(Postgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
    }
}
