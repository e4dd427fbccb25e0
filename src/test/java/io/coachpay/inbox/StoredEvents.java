package io.coachpay.inbox;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.database.Database;

/** The inbox's rows for tests, and a way to make them older. */
@ApplicationScoped
class StoredEvents {

    private final Rows rows;

    StoredEvents(@io.quarkus.agroal.DataSource("service") DataSource service) {
        this.rows = new Rows(service);
    }

    record Stored(UUID id, String status, int attempts, @Nullable String error, String account,
            @Nullable String payload) {
    }

    List<Stored> all(String eventId) {
        return rows.query("select id, status, attempts, error, account, payload from stripe_events where event_id = ?",
                row -> new Stored(row.getObject("id", UUID.class), row.getString("status"), row.getInt("attempts"),
                        row.getString("error"), row.getString("account"), row.getString("payload")),
                eventId);
    }

    Stored get(String eventId) {
        return all(eventId).get(0);
    }

    Stored awaitStatus(String eventId, String status) {
        await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(60))
                .until(() -> !all(eventId).isEmpty() && get(eventId).status().equals(status));
        return get(eventId);
    }

    /** Waits until an event was postponed without counting an attempt; returns for how long since it came. */
    Duration awaitPause(String eventId) {
        return await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(60)).until(() -> rows.query("""
                select extract(epoch from next_attempt_at - received_at)::integer as seconds from stripe_events
                 where event_id = ? and attempts = 0 and next_attempt_at > received_at + interval '1 second'""",
                row -> Duration.ofSeconds(row.getLong("seconds")), eventId), pauses -> !pauses.isEmpty()).get(0);
    }

    /** Ends an event's pause or lease. */
    void makeDue(String eventId) {
        rows.update("update stripe_events set next_attempt_at = now() - interval '1 second' where event_id = ?", eventId);
    }

    /** Claims an event with that attempt's number, and returns its id. */
    UUID leaseForLong(String eventId, int attempts) {
        rows.update("update stripe_events set attempts = ?, next_attempt_at = now() + interval '100 years' where event_id = ?",
                attempts, eventId);
        return get(eventId).id();
    }

    void setAttempts(String eventId, int attempts) {
        rows.update("update stripe_events set attempts = ? where event_id = ?", attempts, eventId);
    }

    /** Whether a handler's row of that name was committed. */
    boolean wrote(String name) {
        return !rows.query("select 1 from rate_limit_buckets where id = ?", row -> 1, name).isEmpty();
    }

    /** Makes an event older, as if received and finished earlier; only the server's administrator can do that. */
    void age(String eventId, Duration by) {
        String sql = """
                update stripe_events set received_at = received_at - make_interval(secs => %1$d),
                       processed_at = processed_at - make_interval(secs => %1$d) where event_id = '%2$s'"""
                .formatted(by.toSeconds(), eventId);
        try (Connection administrator = DriverManager.getConnection(Database.server().jdbcUrl(), "postgres", "")) {
            administrator.createStatement().executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
