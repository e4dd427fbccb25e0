package io.coachpay.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.coachpay.packaged.PackagedService;

/**
 * A webhook as many would write it, for comparison: the JDK's HTTP server, ten connections, and for each event one database
 * transaction of plain statements with everything in it, committed before the answer.
 * <p>
 * It leaves out: roles and row level security, checks of states and amounts, balances, a history of them and of the payment,
 * retries, events that come before their payment, fetching, a limit of size, metrics and traces. An event that it cannot apply
 * is answered with 500.
 */
final class NaiveHandler implements AutoCloseable {

    private static final int CONNECTIONS = 10;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final ObjectMapper json = new ObjectMapper();
    private final BlockingQueue<Connection> pool = new ArrayBlockingQueue<>(CONNECTIONS);
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final HttpServer server;

    /** Serves with the tables of {@code naive.sql} in this database. */
    NaiveHandler(String url) throws SQLException, IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = DriverManager.getConnection(url, "postgres", "");
            connection.setAutoCommit(false);
            pool.add(connection);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/webhooks/stripe", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int status;
        try {
            status = handle(body, exchange.getRequestHeaders().getFirst("Stripe-Signature"));
        } catch (SQLException | InterruptedException e) {
            e.printStackTrace();
            status = SERVER_ERROR;
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private int handle(byte[] body, String signature) throws IOException, SQLException, InterruptedException {
        long time = Long.parseLong(signature.substring("t=".length(), signature.indexOf(',')));
        if (!signature.endsWith("v1=" + Deliveries.signature(PackagedService.PLATFORM_SECRET, time, body))) {
            return BAD_REQUEST;
        }
        JsonNode event = json.readTree(body);
        Connection connection = pool.take();
        try {
            if (isNew(connection, event, new String(body, StandardCharsets.UTF_8))) {
                pay(connection, event.path("id").asText(), event.path("data").path("object"));
            }
            connection.commit();
            return OK;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            pool.add(connection);
        }
    }

    private static boolean isNew(Connection connection, JsonNode event, String payload) throws SQLException {
        return update(connection,
                "insert into stripe_events (event_id, type, payload) values (?, ?, ?::jsonb) on conflict do nothing",
                event.path("id").asText(), event.path("type").asText(), payload) == 1;
    }

    private static void pay(Connection connection, String event, JsonNode intent) throws SQLException {
        String charge = intent.path("charges").path("data").path(0).path("id").asText();
        UUID payment = UUID.fromString(intent.path("metadata").path("coachpay_id").asText());
        Row row = Row.of(connection, payment);
        update(connection, """
                update payments set status = 'succeeded', stripe_charge_id = ?, paid_at = now(), updated_at = now()
                 where id = ?""", charge, payment);
        update(connection, "update sessions set status = 'confirmed', updated_at = now() where id = ?", row.session());
        long journal = journal(connection, payment, event);
        entry(connection, journal, "external", -row.amount());
        entry(connection, journal, "coach:" + row.coach(), row.amount() - row.fee());
        entry(connection, journal, "platform", row.fee());
    }

    /** The payment, locked. */
    private record Row(UUID session, UUID coach, long amount, long fee) {

        static Row of(Connection connection, UUID payment) throws SQLException {
            try (PreparedStatement query = connection
                    .prepareStatement("select session_id, coach_id, amount, fee from payments where id = ? for update")) {
                query.setObject(1, payment);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return new Row(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getLong(3), row.getLong(4));
                }
            }
        }
    }

    private static long journal(Connection connection, UUID payment, String event) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into journals (payment_id, event_id) values (?, ?) returning id")) {
            insert.setObject(1, payment);
            insert.setString(2, event);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void entry(Connection connection, long journal, String account, long amount) throws SQLException {
        update(connection, "insert into entries (journal_id, account, amount) values (?, ?, ?)", journal, account, amount);
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        server.stop(0);
        threads.shutdownNow();
        for (Connection connection : pool) {
            connection.close();
        }
    }
}
