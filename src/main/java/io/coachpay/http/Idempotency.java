package io.coachpay.http;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;

/**
 * Stores the idempotency keys that clients send with a POST so that they can repeat it. A key is taken by one request, and
 * keeps that request's answer.
 * <p>
 * Each verb is a short database transaction as the caller, outside of the request's own: a key is taken before the first of
 * those begins and answered after the last has ended. So row level security keeps keys and answers to their sender.
 */
@ApplicationScoped
class Idempotency {

    private static final Duration KEPT = Duration.ofHours(24);
    /**
     * A holder that has not answered by then counts as dead. It may still be alive: then the request that took the key over
     * continues with what the holder has recorded ({@link RequestKey}), and the holder's own answer is not kept.
     */
    private static final Duration ABANDONED = Duration.ofSeconds(60);

    private static final String TAKE = """
            insert into idempotency_keys as k (id, holder, user_id, key, request_hash, locked_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (user_id, key) do update
               set id = case when k.expires_at <= excluded.locked_at then excluded.id else k.id end,
                   holder = excluded.holder, request_hash = excluded.request_hash, locked_at = excluded.locked_at, expires_at = excluded.expires_at,
                   response_status = null, response_body = null, completed_at = null
             where k.expires_at <= excluded.locked_at
                or k.response_status is null and (k.holder is null or k.locked_at <= ?)
                   and k.request_hash = excluded.request_hash
            returning id, holder""";
    private static final String LOOK = """
            select request_hash, response_status, response_body from idempotency_keys where user_id = ? and key = ?""";
    private static final String ANSWER = """
            update idempotency_keys set response_status = ?, response_body = ?, completed_at = ?
             where id = ? and holder = ?""";
    private static final String RELEASE = """
            update idempotency_keys set holder = null where id = ? and holder = ? and response_status is null""";

    private final DataSource database;
    private final Clock clock;

    Idempotency(DataSource database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The earlier request with the same key; its answer fields are null while it still runs. */
    record Earlier(String requestHash, @Nullable Integer status, @Nullable String body) {
    }

    /**
     * A key that a request holds.
     *
     * @param id of the key, the same for all holders
     * @param holder this request
     */
    record Taken(UUID id, UUID holder) {
    }

    /**
     * The result of taking a key; one of the two is null.
     *
     * @param taken this request holds the key now
     * @param earlier the request that has it
     */
    record Attempt(@Nullable Taken taken, @Nullable Earlier earlier) {
    }

    /** Takes the key for a request. */
    @Transactional
    Attempt take(UUID userId, String key, String requestHash) {
        try (Connection connection = database.getConnection()) {
            return take(connection, userId, key, requestHash);
        } catch (SQLException e) {
            throw new IllegalStateException("The idempotency key could not be taken", e);
        }
    }

    private Attempt take(Connection connection, UUID userId, String key, String requestHash) throws SQLException {
        // The key may expire between the two statements, so a second round can be needed.
        for (int round = 0; round < 3; round++) {
            Taken taken = inserted(connection, userId, key, requestHash);
            Earlier earlier = taken == null ? look(connection, userId, key) : null;
            if (taken != null || earlier != null) {
                return new Attempt(taken, earlier);
            }
        }
        throw new IllegalStateException("The idempotency key changes hands too often");
    }

    /** Stores the answer for later requests with the key, unless another request holds the key now. */
    @Transactional
    void answer(Taken taken, int status, @Nullable String body) {
        update(ANSWER, statement -> {
            statement.setInt(1, status);
            statement.setString(2, body);
            statement.setObject(3, at(clock.instant()));
            statement.setObject(4, taken.id());
            statement.setObject(5, taken.holder());
        });
    }

    /** Gives the key back, unless another request holds it now. The request failed on our side and may be repeated. */
    @Transactional
    void release(Taken taken) {
        update(RELEASE, statement -> {
            statement.setObject(1, taken.id());
            statement.setObject(2, taken.holder());
        });
    }

    private @Nullable Taken inserted(Connection connection, UUID userId, String key, String requestHash) throws SQLException {
        Instant now = clock.instant();
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setObject(1, Ids.next());
            statement.setObject(2, Ids.next());
            statement.setObject(3, userId);
            statement.setString(4, key);
            statement.setString(5, requestHash);
            statement.setObject(6, at(now));
            statement.setObject(7, at(now.plus(KEPT)));
            statement.setObject(8, at(now.minus(ABANDONED)));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Taken(row.getObject(1, UUID.class), row.getObject(2, UUID.class)) : null;
            }
        }
    }

    private static @Nullable Earlier look(Connection connection, UUID userId, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setObject(1, userId);
            statement.setString(2, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Earlier(row.getString(1), row.getObject(2, Integer.class), row.getString(3)) : null;
            }
        }
    }

    private void update(String sql, Binding binding) {
        try (Connection connection = database.getConnection(); PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.bind(statement);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("The idempotency key could not be updated", e);
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** Fills a statement's parameters. */
    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }
}
