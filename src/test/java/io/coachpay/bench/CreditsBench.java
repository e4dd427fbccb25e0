package io.coachpay.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
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
    private static final int BUYERS = 1500;
    /** The last ones; those before warm up. */
    private static final int MEASURED = 300;
    /** Lines of other wallets that stand between two of the collector's. */
    private static final int APART = 50;

    /**
     * Fifty wallets that take turns, so that no two lines of one lie together; the first is the collector's. A credit comes
     * with each line. Checks of single lines are left out, as their result is known.
     */
    private static final List<String> FILL = List.of("set session_replication_role = replica",
            """
                    insert into users (id, oidc_subject)
                    select ('00000000-0000-7000-a000-' || lpad(n::text, 12, '0'))::uuid, 'wallet-' || n from generate_series(1, %d) n"""
                    .formatted(APART - 1),
            """
                    insert into ledger_accounts (id, kind, owner_id, currency, balance, lines)
                    select gen_random_uuid(), 'credits', id, 'USD', %1$d, %1$d from users"""
                    .formatted(LINES / APART),
            """
                    create temporary table filled on commit drop as
                    select ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
                           ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as journal_id,
                           a.id as account_id, a.owner_id, 1 + (n - 1) / %1$d as line,
                           case when n / %1$d %% 20 = 0 then 'credits_adjusted' when n / %1$d %% 3 = 0 then 'credits_bought'
                                else 'credits_returned' end as kind
                      from generate_series(1, %2$d) n
                      join (select id, owner_id, row_number() over (order by owner_id desc) as place from ledger_accounts) a
                        on a.place = 1 + n %% %1$d
                     order by n""".formatted(APART, LINES),
            """
                    insert into ledger_journals (id, kind, reference, occurred_at)
                    select journal_id, kind, journal_id::text, now() from filled""",
            """
                    insert into ledger_entries (id, journal_id, account_id, currency, amount, balance_before, balance_after, line)
                    select id, journal_id, account_id, 'USD', 1, line - 1, line, line from filled""",
            """
                    insert into wallet_lines (id, journal_id, user_id, currency, line, kind, amount, balance_before, balance_after,
                      package_name, occurred_at)
                    select id, journal_id, owner_id, 'USD', line, kind, 1, line - 1, line, 'Starter', now() from filled""",
            """
                    insert into credit_adjustments (id, user_id, amount, currency, reason, adjusted_by, journal_id)
                    select gen_random_uuid(), owner_id, 1, 'USD', 'Goodwill', owner_id, journal_id
                      from filled where kind = 'credits_adjusted'""");
    private static final List<String> FILLED = List.of("set session_replication_role = origin", "vacuum analyze",
            // The fill would be written to disk while reads are measured.
            "checkpoint");
    private static final String MIDDLE = """
            select l.id from wallet_lines l join users u on u.id = l.user_id
             where u.oidc_subject = 'collector' and l.line = %d""".formatted(LINES / APART / 2);
    private static final String SOLD = "select id from credit_packages order by sort_order offset %d limit 1";

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
                    connection.setAutoCommit(false);
                    for (String step : FILL) {
                        statement.execute(step);
                    }
                    connection.commit();
                    connection.setAutoCommit(true);
                    for (String step : FILLED) {
                        statement.execute(step);
                    }
                }
                Map<String, String> paths = new LinkedHashMap<>();
                // An answer that reads no wallet.
                paths.put("credits.floor", "/v1/config");
                paths.put("credits.balance", "/v1/me/credits");
                paths.put("credits.history", "/v1/me/credits/transactions");
                paths.put("credits.history.hundred", "/v1/me/credits/transactions?limit=100");
                paths.put("credits.history.middle", "/v1/me/credits/transactions?after=" + middle(server));
                ReadTimes reads = new ReadTimes(server, service.port(), report);
                for (String path : paths.values()) {
                    reads.warmUp(List.of(ReadTimes.request(path, collector)));
                }
                for (Map.Entry<String, String> path : paths.entrySet()) {
                    reads.measure(path.getKey(), List.of(ReadTimes.request(path.getValue(), collector)));
                }
                buy(server, service, issuer);
            }
        } finally {
            Bench.delete(data);
        }
    }

    /** Each buyer buys three packages, one after the other. For the first of them a customer is made at Stripe as well. */
    private void buy(Postgres server, PackagedService service, Issuer issuer) throws Exception {
        List<String> orders = new ArrayList<>();
        for (int place = 0; place < 3; place++) {
            orders.add("{\"packageId\": \"" + value(server, SOLD.formatted(place)) + "\"}");
        }
        List<Double> first = new ArrayList<>();
        List<Double> later = new ArrayList<>();
        for (int buyer = 0; buyer < BUYERS; buyer++) {
            String token = issuer.token("buyer-" + buyer);
            for (String order : orders) {
                (order.equals(orders.get(0)) ? first : later).add(buy(service, token, order));
            }
        }
        report(first, "credits.purchase.first");
        report(later, "credits.purchase");
    }

    /** Returns the milliseconds that a purchase took beside its calls of Stripe. */
    private double buy(PackagedService service, String token, String order) throws Exception {
        double before = callsTake(service);
        long begin = System.nanoTime();
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(uri(service.port(), "/v1/credits/checkout"))
                .header("Authorization", "Bearer " + token).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(order)).build(), BodyHandlers.ofString());
        double whole = (System.nanoTime() - begin) / 1e6;
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("A purchase is answered with " + answer.statusCode() + ": " + answer.body());
        }
        return whole - (callsTake(service) - before) * 1e3;
    }

    private void report(List<Double> own, String figure) {
        double[] warm = own.stream().skip(own.size() * (long) (BUYERS - MEASURED) / BUYERS).mapToDouble(Double::doubleValue)
                .sorted().toArray();
        report.put(figure + ".own.p50.milliseconds", warm[warm.length / 2]);
        report.put(figure + ".own.p99.milliseconds", warm[warm.length - 1 - warm.length / 100]);
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
    private static String middle(Postgres server) throws SQLException {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        UUID id = UUID.fromString(value(server, MIDDLE));
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
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
