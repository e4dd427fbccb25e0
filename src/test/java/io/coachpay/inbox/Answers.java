package io.coachpay.inbox;

import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/** Stripe's answers to handlers' needs, as if they had been fetched. */
public final class Answers {

    private Answers() {
    }

    public static Fetched of(Fetch fetch, JsonNode object, Instant requestedAt) {
        return new Fetched(Map.of(fetch, new Fetched.Answer(object, requestedAt)));
    }
}
