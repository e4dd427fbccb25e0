package io.coachpay.inbox;

import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/** What Stripe answered to what handlers look for, as if it had been fetched. */
public final class Answers {

    private Answers() {
    }

    public static Fetched of(Fetch fetch, JsonNode object, Instant requestedAt) {
        return new Fetched(Map.of(fetch, new Fetched.Answer(object, requestedAt)));
    }
}
