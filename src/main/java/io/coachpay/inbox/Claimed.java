package io.coachpay.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.access.Rows;

/**
 * An event that one worker has claimed for a while.
 *
 * @param attempt the number of this attempt, from 1. It also identifies the claim: a later claim of the same event has a higher
 *        number, and makes this one void
 * @param receivedAt when it was accepted
 * @param lane whose threads work on it
 * @param until the end of the lease; an event not begun by then is not begun
 */
record Claimed(UUID id, String eventId, @Nullable String account, Endpoint endpoint, String type, @Nullable String apiVersion,
        Instant created, boolean livemode, Payload payload, Instant receivedAt, int attempt, Lane lane,
        Instant until) {

    static Claimed read(ResultSet row) throws SQLException {
        String account = row.getString("account");
        return new Claimed(row.getObject("id", UUID.class), row.getString("event_id"),
                account.equals(Arrival.PLATFORM) ? null : account, Endpoint.of(row.getString("endpoint")),
                row.getString("type"),
                row.getString("api_version"), Rows.instant(row, "created"), row.getBoolean("livemode"),
                new Payload(row.getString("payload")),
                Rows.instant(row, "received_at"), row.getInt("attempts"), Lane.of(row.getBoolean("fetches")),
                Rows.instant(row, "next_attempt_at"));
    }

    /** An arrival that was stored as claimed: its first attempt. */
    static Claimed handedOver(Arrival arrival, Duration lease) {
        Envelope envelope = arrival.envelope();
        return new Claimed(arrival.id(), envelope.eventId(), envelope.account(), arrival.endpoint(), envelope.type(),
                envelope.apiVersion(), envelope.created(), envelope.livemode(), new Payload(arrival.payload()),
                arrival.receivedAt(), 1,
                Lane.QUICK, arrival.receivedAt().plus(lease));
    }

    Event event() {
        JsonNode data = payload.data();
        return new Event(id, eventId, account, endpoint, type, apiVersion, created, livemode, data.path("object"),
                data.path("previous_attributes"));
    }
}
