package io.coachpay.inbox;

import java.time.Instant;
import java.util.UUID;

import io.coachpay.access.Ids;

/**
 * An event about to be stored.
 *
 * @param id its row's future id
 * @param payload the event as it came
 * @param receivedAt by the service's clock
 * @param taken whether there is a handler for it; any other is stored as ignored
 */
record Arrival(UUID id, Endpoint endpoint, Envelope envelope, String payload, Instant receivedAt, boolean taken) {

    /** Stands for the platform where a connected account's id would be. */
    static final String PLATFORM = "platform";

    static Arrival of(Endpoint endpoint, Envelope envelope, String payload, Instant receivedAt, EventHandlers handlers) {
        boolean taken = !envelope.thin() && !handlers.of(endpoint, envelope.type()).isEmpty();
        return new Arrival(Ids.next(), endpoint, envelope, payload, receivedAt, taken);
    }

    /** Bytes it holds in memory while it waits, roughly. */
    int weight() {
        return payload.length() + 512;
    }
}
