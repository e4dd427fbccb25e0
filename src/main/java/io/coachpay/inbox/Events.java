package io.coachpay.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.http.NotFound;
import io.coachpay.http.Reference;

/** The inbox for administrators: events, what became of them, and replays. */
@ApplicationScoped
class Events {

    private static final Logger LOG = Logger.getLogger(Events.class);
    /** Events that one replay takes at most; a service that just recovered need not get all at once. */
    static final int MOST_REPLAYED = 1000;

    private static final String COLUMNS = """
            select id, event_id, account, endpoint, type, api_version, created, livemode, received_at, status, attempts,
                   next_attempt_at, error, processed_at""";
    private static final String LIST = COLUMNS + " from stripe_events "
            + "where id < ? and (?::text is null or status = ?) and (?::text is null or type = ?) order by id desc limit ?";
    private static final String FIND = COLUMNS + ", payload from stripe_events where id = ?";
    private static final String FIND_BY_STRIPE_ID = COLUMNS + ", payload from stripe_events where event_id = ?";
    private static final String REPLAY = """
            update stripe_events set status = 'received', attempts = 0, next_attempt_at = ?, error = null, processed_at = null
             where id = ? and status in ('failed', 'dead', 'ignored') and payload is not null""";
    private static final String REPLAY_SOME = """
            update stripe_events set status = 'received', attempts = 0, next_attempt_at = ?, error = null
             where id in (select id from stripe_events where status = ? and (?::text is null or type = ?) and payload is not null
                           order by id limit ? for update skip locked)""";

    private final Access access;
    private final Rows rows;
    private final Clock clock;
    private final InboxSignal signal;
    private final ObjectMapper json;

    Events(Access access, DataSource database, Clock clock, InboxSignal signal, ObjectMapper json) {
        this.access = access;
        this.rows = new Rows(database);
        this.clock = clock;
        this.signal = signal;
        this.json = json;
    }

    /** An event's row, without its payload. */
    record Row(UUID id, String eventId, @Nullable String account, Endpoint endpoint, String type, @Nullable String apiVersion,
            Instant created, boolean livemode, Instant receivedAt, EventStatus status, int attempts, Instant nextAttemptAt,
            @Nullable String error, @Nullable Instant processedAt) {
    }

    /**
     * One event.
     *
     * @param object the object it is about; null when the payload has been emptied, or names none
     */
    record Detail(Row row, @Nullable ObjectName object) {
    }

    /** A Stripe object by its name alone. */
    record ObjectName(@Nullable String id, @Nullable String type) {
    }

    /** Newest first, one more than asked for when there are more. */
    List<Row> list(@Nullable EventStatus status, @Nullable String type, UUID before, int limit) {
        String code = status == null ? null : status.code();
        return access.asAdmin(() -> rows.query(LIST, Events::row, before, code, code, type, type, limit + 1));
    }

    /** @throws NotFound when there is none */
    Detail find(Reference event) {
        List<Detail> found = event.find(id -> found(FIND, id), stripeId -> found(FIND_BY_STRIPE_ID, stripeId));
        if (found.isEmpty()) {
            throw new NotFound("event");
        }
        return found.get(0);
    }

    private List<Detail> found(String query, Object id) {
        return access.asAdmin(() -> rows.query(query, row -> new Detail(row(row), objectIn(row.getString("payload"))), id));
    }

    /**
     * Replays an event, as if it had just arrived.
     *
     * @throws NotReplayable when it is processed already, waits for its turn anyway, or its payload is gone
     */
    void replay(Reference event) {
        Row row = find(event).row();
        int replayed = access.asService(() -> rows.update(REPLAY, clock.instant(), row.id()));
        if (replayed == 0) {
            throw new NotReplayable(row.status());
        }
        LOG.infof("The administrator %s replays the event %s", access.userId(), row.eventId());
        signal.raise(Lane.QUICK);
        signal.raise(Lane.FETCHING);
    }

    /** Replays the events of a status, {@link #MOST_REPLAYED} at a time, and returns how many. */
    int replay(EventStatus status, @Nullable String type) {
        UUID administrator = access.asAdmin(access::userId);
        int replayed = access.asService(
                () -> rows.update(REPLAY_SOME, clock.instant(), status.code(), type, type, MOST_REPLAYED));
        LOG.infof("The administrator %s replays %d events: status %s, type %s", administrator, replayed, status, type);
        signal.raise(Lane.QUICK);
        signal.raise(Lane.FETCHING);
        return replayed;
    }

    private static Row row(ResultSet row) throws SQLException {
        String account = row.getString("account");
        return new Row(row.getObject("id", UUID.class), row.getString("event_id"),
                account.equals(Arrival.PLATFORM) ? null : account, Endpoint.of(row.getString("endpoint")),
                row.getString("type"),
                row.getString("api_version"), Rows.instant(row, "created"), row.getBoolean("livemode"),
                Rows.instant(row, "received_at"), EventStatus.of(row.getString("status")), row.getInt("attempts"),
                Rows.instant(row, "next_attempt_at"), row.getString("error"), Rows.instantOrNull(row, "processed_at"));
    }

    private @Nullable ObjectName objectIn(@Nullable String payload) {
        if (payload == null) {
            return null;
        }
        try {
            JsonNode event = json.readTree(payload);
            JsonNode object = event.has("related_object") ? event.path("related_object") : event.path("data").path("object");
            return new ObjectName(object.path("id").textValue(),
                    object.path("object").textValue() == null ? object.path("type").textValue()
                            : object.path("object").textValue());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The stored event is not JSON", e);
        }
    }
}
