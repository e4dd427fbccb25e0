package io.coachpay.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import io.coachpay.development.Postgres;

/**
 * The same events for {@link NaiveHandler}, over HTTP and from as many clients. It runs in this process, so its processor time
 * is the client's. An answer comes after the commit of all that follows, so nothing is left to wait for.
 */
final class NaiveBench implements AutoCloseable {

    private static final String DATABASE = "naive";
    private static final int COACHES = 1000;
    private static final int CLIENTS = 64;
    private static final int EVENTS = 4000;
    private static final int WARM_UP = 4 * EVENTS;
    private static final int MOST = WARM_UP + 3 * EVENTS;
    private static final String READ = """
            select id, stripe_payment_intent_id, 'acct_' || replace(coach_id::text, '-', ''), amount, fee
              from payments order by id""";
    private static final String PAID = """
            select count(*) from payments p join sessions s on s.id = p.session_id and s.status = 'confirmed'
              join journals j on j.payment_id = p.id
             where p.status = 'succeeded' and (select count(*) = 3 and sum(amount) = 0 from entries where journal_id = j.id)""";

    private final Connection connection;
    private final NaiveHandler handler;
    private final List<Booking> waiting = new ArrayList<>();
    private int paid;

    NaiveBench(Postgres server) throws Exception {
        server.createDatabase(DATABASE);
        connection = DriverManager.getConnection(server.jdbcUrl(DATABASE), "postgres", "");
        try (Statement statement = connection.createStatement()) {
            statement
                    .execute(Deliveries.filled(Deliveries.resource("naive.sql"), Map.of("coaches", COACHES, "payments", MOST)));
            statement.execute("vacuum analyze");
            ResultSet rows = statement.executeQuery(READ);
            while (rows.next()) {
                waiting.add(new Booking(rows.getString(1), rows.getString(2), rows.getString(3), rows.getLong(4),
                        rows.getLong(5)));
            }
        }
        handler = new NaiveHandler(server.jdbcUrl(DATABASE));
        run(Deliveries.paid(take(WARM_UP)));
    }

    /** Prepares a round. */
    Callable<Rate> payments() {
        List<byte[]> requests = Deliveries.paid(take(EVENTS));
        return () -> run(requests);
    }

    private Rate run(List<byte[]> requests) throws Exception {
        return Load.closedLoop(handler.port(), requests, CLIENTS, Load.LONGEST).rate();
    }

    private List<Booking> take(int count) {
        List<Booking> taken = waiting.subList(paid, paid + count);
        paid += count;
        return taken;
    }

    /** Makes sure that every payment taken is in these books, once. */
    void requirePaid() throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(PAID)) {
            row.next();
            if (row.getLong(1) != paid) {
                throw new IllegalStateException("Of " + paid + " payments, " + row.getLong(1) + " are paid");
            }
        }
    }

    @Override
    public void close() throws SQLException {
        handler.close();
        connection.close();
    }
}
