package io.coachpay.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import io.coachpay.development.Postgres;
import io.coachpay.packaged.PackagedService;

/** Bookings that wait for their payments' events, put straight into the database, and their state there. */
final class Bookings implements AutoCloseable {

    private static final int COACHES = 1000;
    private static final int MENTEES = 2000;
    /** The question is work for the measured server too, so it is asked rarely; a round lasts long enough to bear the error. */
    private static final int POLL_MILLIS = 50;
    private static final String READ = """
            select id, stripe_payment_intent_id, destination_account, (amount * 100)::bigint, (platform_fee * 100)::bigint
              from transactions where status = 'pending' order by id""";
    private static final String UNFINISHED = "select exists (select from stripe_events where status in ('received', 'failed'))";
    private static final String OUTCOME = """
            select (select count(*) from transactions where status = 'completed'),
                   (select count(*) from sessions where status = 'confirmed' and payment_status = 'paid'),
                   (select count(*) from ledger_journals where kind = 'session_paid'),
                   (select count(*) from ledger_entries e join ledger_journals j on j.id = e.journal_id
                     where j.kind = 'session_paid') / 3,
                   (select count(*) from stripe_events where type = 'payment_intent.succeeded' and status = 'processed')""";
    private static final String FOR_YARDSTICK = "insert into rules.bookings (id) select unnest(?::text[])::uuid";
    private static final String LAG = """
            select percentile_cont(array[0.5, 0.99]) within group
                     (order by extract(epoch from pg_xact_commit_timestamp(xmin) - received_at) * 1000)
              from (select xmin, received_at from stripe_events where status = 'processed' order by id desc limit %d) as latest""";

    private final Connection owner;
    private final List<Booking> waiting = new ArrayList<>();
    private final List<Long> before;
    private final int spread;
    private int paid;

    /**
     * @param spread bookings over a thousand coaches, the first to be taken
     * @param hot bookings of one coach, taken after them
     */
    Bookings(Postgres server, int spread, int hot) throws SQLException {
        this.spread = spread;
        owner = DriverManager.getConnection(server.jdbcUrl(), server.owner().user(), server.owner().password());
        before = outcome();
        try (Statement statement = owner.createStatement()) {
            statement.execute(Deliveries.filled(Deliveries.resource("bookings.sql"),
                    Map.of("coaches", COACHES, "mentees", MENTEES, "spread", spread, "hot", hot)));
            ResultSet rows = statement.executeQuery(READ);
            while (rows.next()) {
                waiting.add(new Booking(rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4),
                        rows.getLong(5)));
            }
        }
    }

    /** The next bookings, whose payments are about to succeed. */
    List<Booking> take(int count) {
        List<Booking> taken = waiting.subList(paid, paid + count);
        paid += count;
        return taken;
    }

    /**
     * Prepares that the next bookings' payments succeed; to be timed from the first request until the last payment is in the
     * books.
     */
    Callable<Rate> payments(PackagedService service, int count, int clients) {
        List<byte[]> requests = Deliveries.paid(take(count));
        return () -> apply(service, requests, clients);
    }

    /** Delivers these events, and waits until all are applied. */
    Rate apply(PackagedService service, List<byte[]> requests, int clients) throws Exception {
        long begin = System.nanoTime();
        Load.closedLoop(service.port(), requests, clients, Load.LONGEST);
        awaitApplied();
        return new Rate(requests.size(), (System.nanoTime() - begin) / 1e9);
    }

    /** The same without the service: the yardstick's clients share the payments evenly. */
    Callable<Rate> payments(Yardstick withRules, int clients, int each) throws SQLException {
        List<Booking> bookings = take(clients * each);
        try (PreparedStatement statement = owner.prepareStatement(FOR_YARDSTICK)) {
            statement.setArray(1, owner.createArrayOf("text", bookings.stream().map(Booking::paymentId).toArray()));
            statement.executeUpdate();
        }
        return () -> withRules.runEach("take-payment-with-rules.sql", clients, each);
    }

    /**
     * Does at once what the server does by itself a minute later: plans that were made while the tables were empty are made
     * again.
     */
    void analyze() throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("analyze");
        }
    }

    /** Skips the remaining bookings that are spread over all coaches. */
    void skipToHot() {
        waiting.subList(paid, spread).clear();
    }

    /** Makes sure that a query counts so many. */
    static void require(Connection owner, String query, long expected) throws SQLException {
        long found = count(owner, query);
        if (found != expected) {
            throw new IllegalStateException("Instead of " + expected + ", " + found + " are found by: " + query);
        }
    }

    static long count(Connection owner, String query) throws SQLException {
        try (Statement statement = owner.createStatement(); ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Waits until no event is left to be applied. */
    void awaitApplied() throws SQLException, InterruptedException {
        try (Statement statement = owner.createStatement()) {
            awaitApplied(statement);
        }
    }

    static void awaitApplied(Statement statement) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + Load.LONGEST.toNanos();
        while (isTrue(statement)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Not all events are applied after " + Load.LONGEST);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Makes sure that every payment taken is in the books, once. */
    void requirePaid() throws SQLException {
        List<Long> found = outcome();
        for (int column = 0; column < found.size(); column++) {
            long since = found.get(column) - before.get(column);
            if (since != paid) {
                throw new IllegalStateException(
                        "Of " + paid + " payments, " + since + " are found by " + (column + 1) + " of: " + OUTCOME);
            }
        }
    }

    private List<Long> outcome() throws SQLException {
        try (Statement statement = owner.createStatement(); ResultSet row = statement.executeQuery(OUTCOME)) {
            row.next();
            List<Long> counts = new ArrayList<>();
            for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                counts.add(row.getLong(column));
            }
            return counts;
        }
    }

    /** Milliseconds from an event's acceptance to the commit that applied it, median and p99, of the latest so many. */
    Double[] lag(int latest) throws SQLException {
        try (Statement statement = owner.createStatement(); ResultSet row = statement.executeQuery(LAG.formatted(latest))) {
            row.next();
            return (Double[]) row.getArray(1).getArray();
        }
    }

    private static boolean isTrue(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(UNFINISHED)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Override
    public void close() throws SQLException {
        owner.close();
    }
}
