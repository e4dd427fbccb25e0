package io.coachpay.inbox;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.inbox.InboxMetrics.Outcome;

/**
 * Stores events: one statement on one connection, for one event or a hundred, and nothing else. An event whose id is there
 * already changes nothing.
 */
@ApplicationScoped
class Arrivals {

    /** Times travel as milliseconds, which the driver sends in binary. */
    private static final String STORE = """
            insert into stripe_events (id, event_id, account, endpoint, type, api_version, created, livemode, payload,
                                       received_at, next_attempt_at, attempts, status, processed_at)
            select id, event_id, account, endpoint, type, api_version, to_timestamp(created / 1000.0), livemode, payload,
                   to_timestamp(received / 1000.0), to_timestamp(due / 1000.0), claims,
                   case when taken then 'received' else 'ignored' end, case when not taken then to_timestamp(received / 1000.0) end
              from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int8[], ?::bool[], ?::text[],
                          ?::int8[], ?::int8[], ?::int4[], ?::bool[])
                as arrival (id, event_id, account, endpoint, type, api_version, created, livemode, payload, received, due, claims,
                            taken)
            on conflict (event_id) do nothing
            returning id""";

    private final DataSource database;
    private final InboxMetrics metrics;
    private final InboxSignal signal;
    private final HandOver handOver;

    Arrivals(@io.quarkus.agroal.DataSource("service") DataSource database, InboxMetrics metrics, InboxSignal signal,
            HandOver handOver) {
        this.database = database;
        this.metrics = metrics;
        this.signal = signal;
        this.handOver = handOver;
    }

    /** Stores arrivals, and returns the ids of those that are new. */
    Set<UUID> store(List<Arrival> arrivals) throws SQLException {
        // In the order of their ids: otherwise two writers that store the same events could deadlock.
        List<Arrival> ordered = arrivals.stream().sorted(Comparator.comparing(arrival -> arrival.envelope().eventId()))
                .toList();
        Set<UUID> reserved = new HashSet<>();
        Set<UUID> stored = Set.of();
        try {
            ordered.stream().filter(arrival -> arrival.taken() && handOver.reserve(arrival))
                    .forEach(arrival -> reserved.add(arrival.id()));
            stored = insert(ordered, reserved);
        } finally {
            handOver(ordered, reserved, stored);
        }
        boolean work = false;
        for (Arrival arrival : ordered) {
            boolean isNew = stored.contains(arrival.id());
            work |= isNew && arrival.taken() && !reserved.contains(arrival.id());
            metrics.count(arrival.endpoint(), arrival.envelope().type(), isNew ? Outcome.ACCEPTED : Outcome.DUPLICATE);
        }
        if (work) {
            signal.raise(Lane.QUICK);
        }
        return stored;
    }

    /** After the commit: an event is handed over if it is new; otherwise the room that it was given is free again. */
    private void handOver(List<Arrival> arrivals, Set<UUID> reserved, Set<UUID> stored) {
        arrivals.stream().filter(arrival -> reserved.contains(arrival.id())).forEach(arrival -> {
            if (stored.contains(arrival.id())) {
                handOver.handOver(arrival);
            } else {
                handOver.giveBack(arrival);
            }
        });
    }

    private Set<UUID> insert(List<Arrival> arrivals, Set<UUID> claimed) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(STORE)) {
            Columns columns = new Columns(connection, statement, arrivals);
            columns.add("uuid", Arrival::id);
            columns.add("text", arrival -> arrival.envelope().eventId());
            columns.add("text", Arrivals::account);
            columns.add("text", arrival -> arrival.endpoint().code());
            columns.add("text", arrival -> arrival.envelope().type());
            columns.add("text", arrival -> arrival.envelope().apiVersion());
            columns.add("int8", arrival -> arrival.envelope().created().toEpochMilli());
            columns.add("bool", arrival -> arrival.envelope().livemode());
            columns.add("text", Arrival::payload);
            columns.add("int8", arrival -> arrival.receivedAt().toEpochMilli());
            columns.add("int8", arrival -> due(arrival, claimed));
            columns.add("int4", arrival -> claimed.contains(arrival.id()) ? 1 : 0);
            columns.add("bool", Arrival::taken);
            return ids(statement);
        }
    }

    private long due(Arrival arrival, Set<UUID> claimed) {
        return claimed.contains(arrival.id()) ? arrival.receivedAt().plus(handOver.lease()).toEpochMilli()
                : arrival.receivedAt().toEpochMilli();
    }

    private static String account(Arrival arrival) {
        String account = arrival.envelope().account();
        return account == null ? Arrival.PLATFORM : account;
    }

    private static Set<UUID> ids(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            Set<UUID> ids = new HashSet<>();
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
            return ids;
        }
    }

    /** Binds one array for each column. */
    private static final class Columns {

        private final Connection connection;
        private final PreparedStatement statement;
        private final List<Arrival> arrivals;
        private int bound;

        Columns(Connection connection, PreparedStatement statement, List<Arrival> arrivals) {
            this.connection = connection;
            this.statement = statement;
            this.arrivals = arrivals;
        }

        void add(String type, Function<Arrival, @Nullable Object> value) throws SQLException {
            // The driver sends strings in binary only when it is given an array of strings.
            @Nullable
            Object[] values = type.equals("text") ? new String[arrivals.size()] : new Object[arrivals.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value.apply(arrivals.get(i));
            }
            Array array = connection.createArrayOf(type, values);
            statement.setArray(++bound, array);
        }
    }
}
