package io.coachpay.inbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.coachpay.Json;
import io.coachpay.access.Ids;

/** Events as handlers are given them, without the inbox. */
public final class SomeEvent {

    private SomeEvent() {
    }

    /** An event of the platform's own account, about this object. */
    public static Event platform(String type, Instant created, String object) {
        return of(null, Endpoint.PLATFORM, type, created, Json.read(object), MissingNode.getInstance());
    }

    /** An event of the platform's own account that names what its object was before. */
    public static Event platform(String type, Instant created, String object, String before) {
        return of(null, Endpoint.PLATFORM, type, created, Json.read(object), Json.read(before));
    }

    /** An event of a connected account; null for one that lost its account. */
    public static Event connect(@Nullable String account, String type, Instant created, String object) {
        return of(account, Endpoint.CONNECT, type, created, Json.read(object), MissingNode.getInstance());
    }

    private static Event of(@Nullable String account, Endpoint endpoint, String type, Instant created, JsonNode object,
            JsonNode before) {
        return new Event(Ids.next(), "evt_" + Ids.next().toString().replace("-", ""), account, endpoint, type, null,
                created.truncatedTo(ChronoUnit.SECONDS), false, object, before);
    }
}
