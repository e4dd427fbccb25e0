package io.coachpay.bench;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.Issuer;
import io.coachpay.packaged.PackagedService;
import io.coachpay.sandbox.Options;
import io.coachpay.sandbox.Sandbox;

/**
 * Measures a subscriber's reads where a hundred thousand subscribe and a million invoices are there: of somebody with ten
 * invoices, and of one with thirty years of them.
 */
final class SubscriptionsBench {

    private static final int SUBSCRIPTIONS = 100_000;
    private static final int INVOICES = 10;
    /** The last of the subscribers who ask; each asks more rarely than a person may. */
    private static final int ASKING = 500;
    /** Invoices of the first subscriber, beside those of all. */
    private static final int MANY = 360;
    private static final String OF_TABLE = """
            select string_agg(column_name, ',' order by ordinal_position) from information_schema.columns
             where table_schema = 'public' and table_name = '%s' and is_generated = 'NEVER'""";
    /** Invoices of all subscribers take turns, as months bring them. */
    private static final String NUMBERS = """
            create temporary table made as
            select n, 1 + (n - 1) %% %1$d as who, ('00000000-0000-7000-e000-' || lpad(to_hex(n), 12, '0'))::uuid as id
              from generate_series(1, %1$d * %2$d) n
            union all
            select n, 1, ('00000000-0000-7000-e000-' || lpad(to_hex(n), 12, '0'))::uuid
              from generate_series(%1$d * %2$d + 1, %1$d * %2$d + %3$d) n""".formatted(SUBSCRIPTIONS, INVOICES, MANY);
    private static final Map<String, String> INVOICE = Map.of("id", "m.id",
            "user_id", "('00000000-0000-7000-c000-' || lpad(to_hex(m.who), 12, '0'))::uuid",
            "subscription_id", "('00000000-0000-7000-b000-' || lpad(to_hex(m.who), 12, '0'))::uuid",
            "stripe_invoice_id", "o.stripe_invoice_id || 'y' || m.n", "check_at", "null", "addresses_as_of", "now()");
    private static final Map<String, String> LINE = Map.of("id", "m.id", "invoice_id", "m.id");
    private static final Map<String, String> PAYMENT = Map.of("id", "m.id", "invoice_id", "m.id", "transaction_id", "m.id",
            "stripe_invoice_payment_id", "o.stripe_invoice_payment_id || 'y' || m.n",
            "stripe_payment_intent_id", "o.stripe_payment_intent_id || 'y' || m.n");

    private final Path packaged;
    private final Path directory;
    private final Report report;

    SubscriptionsBench(Path packaged, Path directory, Report report) {
        this.packaged = packaged;
        this.directory = directory;
        this.report = report;
    }

    void run() throws Exception {
        Path data = directory.resolve("postgres-subscriptions");
        Bench.delete(data);
        try (Issuer issuer = new Issuer();
                Sandbox sandbox = Sandbox.start(Options.ofTests());
                StripeFront stripe = new StripeFront(sandbox.uri())) {
            try (Postgres server = Postgres.start(data, 0);
                    PackagedService service = PackagedService.start(packaged, Bench.log(directory), server, issuer.uri(),
                            stripe.uri(), Map.of("COACHPAY_STRIPE_BACKGROUND_CALLS_PER_SECOND", "0"))) {
                report.machine(server);
                Subscribed original = Subscribed.make(URI.create("http://127.0.0.1:" + service.port()), issuer, sandbox.uri());
                fill(server, service, stripe, original);
                ReadTimes reads = new ReadTimes(server, service.port(), report);
                Map<String, List<byte[]>> requests = new LinkedHashMap<>();
                requests.put("subscription", requests(issuer, "/v1/me/subscription", 2, ASKING));
                requests.put("entitlements", requests(issuer, "/v1/me/entitlements", 2, ASKING));
                requests.put("invoices", requests(issuer, "/v1/me/invoices", 2, ASKING));
                requests.put("invoices.many", requests(issuer, "/v1/me/invoices", 1, 1));
                requests.put("invoices.many.hundred", requests(issuer, "/v1/me/invoices?limit=100", 1, 1));
                for (List<byte[]> each : requests.values()) {
                    reads.warmUp(each);
                }
                for (Map.Entry<String, List<byte[]>> request : requests.entrySet()) {
                    reads.measure("subscriptions." + request.getKey(), request.getValue());
                }
            }
        } finally {
            Bench.delete(data);
        }
    }

    private static List<byte[]> requests(Issuer issuer, String path, int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(subscriber -> ReadTimes.request(path, issuer.token("subscriber-" + subscriber))).toList();
    }

    /** One copy's renewal is applied by the service; its invoice, line and payment are what the others are copies of. */
    private static void fill(Postgres server, PackagedService service, StripeFront stripe, Subscribed original)
            throws Exception {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), "postgres", "");
                Statement statement = connection.createStatement()) {
            original.write(connection, 1, 1);
            stripe.knowPayments(original.paymentIntent(1), original.payments(1));
            Load.closedLoop(service.port(), original.deliveries(1), 1, Load.LONGEST);
            Bookings.awaitApplied(statement);
            statement.execute("set session_replication_role = replica");
            original.write(connection, 2, SUBSCRIPTIONS);
            statement.execute(NUMBERS);
            copy(statement, "invoices", INVOICE);
            copy(statement, "invoice_lines", LINE);
            copy(statement, "invoice_payments", PAYMENT);
            statement.execute("vacuum analyze");
            // The fill would be written to disk while reads are measured.
            statement.execute("checkpoint");
        }
    }

    private static void copy(Statement statement, String table, Map<String, String> own) throws SQLException {
        List<String> columns;
        try (ResultSet row = statement.executeQuery(OF_TABLE.formatted(table))) {
            row.next();
            columns = List.of(row.getString(1).split(","));
        }
        statement.execute("create temporary table the_" + table + " as select * from " + table);
        statement.execute("insert into %1$s (%2$s) select %3$s from the_%1$s o, made m order by m.n".formatted(table,
                String.join(", ", columns),
                columns.stream().map(column -> own.getOrDefault(column, "o." + column)).collect(Collectors.joining(", "))));
    }
}
