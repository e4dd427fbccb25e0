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
 * The keys clients send with a POST so that they can send it again: each is taken by one request, and keeps its answer.
 * <p>
 * Each verb is a short transaction in the caller's own name, outside of the request's: a key is taken before the first of
 * those begins and answered after the last has ended. So row level security keeps keys and answers to whoever sent them.
 */
@ApplicationScoped
class Idempotency {

    private static final Duration KEPT = Duration.ofHours(24);
    /** A holder that has not answered by then has died. */
    private static final Duration ABANDONED = Duration.ofSeconds(60);

    private static final String TAKE = """
            insert into idempotency_keys as k (id, user_id, key, request_hash, locked_at, expires_at)
            values (?, ?, ?, ?, ?, ?)
            on conflict (user_id, key) do update
               set request_hash = excluded.request_hash, locked_at = excluded.locked_at, expires_at = excluded.expires_at,
                   response_status = null, response_body = null, completed_at = null
             where k.expires_at <= excluded.locked_at
                or k.response_status is null and k.locked_at <= ? and k.request_hash = excluded.request_hash
            returning id""";
    private static final String LOOK = """
            select request_hash, response_status, response_body from idempotency_keys where user_id = ? and key = ?""";
    private static final String ANSWER = """
            update idempotency_keys set response_status = ?, response_body = ?, completed_at = ?
             where user_id = ? and key = ?""";
    private static final String RELEASE = """
            delete from idempotency_keys where user_id = ? and key = ? and response_status is null""";

    private final DataSource database;
    private final Clock clock;

    Idempotency(DataSource database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What a key was used for before; null answer fields while that request still runs. */
    record Earlier(String requestHash, @Nullable Integer status, @Nullable String body) {
    }

    /** Takes the key for a request; null when it is this request's now, else what holds it. */
    @Transactional
    @Nullable
    Earlier take(UUID userId, String key, String requestHash) {
        try (Connection connection = database.getConnection()) {
            return take(connection, userId, key, requestHash);
        } catch (SQLException e) {
            throw new IllegalStateException("The idempotency key could not be taken", e);
        }
    }

    private @Nullable Earlier take(Connection connection, UUID userId, String key, String requestHash) throws SQLException {
        // Whoever holds the key may release it between the two statements, so a second round can be needed.
        for (int round = 0; round < 3; round++) {
            if (inserted(connection, userId, key, requestHash)) {
                return null;
            }
            Earlier earlier = look(connection, userId, key);
            if (earlier != null) {
                return earlier;
            }
        }
        throw new IllegalStateException("The idempotency key changes hands too often");
    }

    /** Keeps the answer for whoever sends the key again. */
    @Transactional
    void answer(UUID userId, String key, int status, @Nullable String body) {
        update(ANSWER, statement -> {
            statement.setInt(1, status);
            statement.setString(2, body);
            statement.setObject(3, at(clock.instant()));
            statement.setObject(4, userId);
            statement.setString(5, key);
        });
    }

    /** Gives the key back: the request failed on our side, and may be sent again. */
    @Transactional
    void release(UUID userId, String key) {
        update(RELEASE, statement -> {
            statement.setObject(1, userId);
            statement.setString(2, key);
        });
    }

    private boolean inserted(Connection connection, UUID userId, String key, String requestHash) throws SQLException {
        Instant now = clock.instant();
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setObject(1, Ids.next());
            statement.setObject(2, userId);
            statement.setString(3, key);
            statement.setString(4, requestHash);
            statement.setObject(5, at(now));
            statement.setObject(6, at(now.plus(KEPT)));
            statement.setObject(7, at(now.minus(ABANDONED)));
            try (ResultSet taken = statement.executeQuery()) {
                return taken.next();
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
