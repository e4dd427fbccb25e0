package io.coachpay.inbox;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The body of an event, which is parsed once, however often it is tried to apply the event. */
final class Payload {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String text;
    private volatile @Nullable JsonNode data;

    Payload(String text) {
        this.text = text;
    }

    /** The event's {@code data}; a missing node where there is none. */
    JsonNode data() {
        JsonNode parsed = data;
        if (parsed == null) {
            try {
                parsed = JSON.readTree(text).path("data");
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("The stored event is not JSON", e);
            }
            data = parsed;
        }
        return parsed;
    }
}
