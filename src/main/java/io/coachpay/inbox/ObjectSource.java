package io.coachpay.inbox;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/** Fetches objects as they are at Stripe now. */
public interface ObjectSource {

    /**
     * Fetches one object, within the budget for background calls. No database transaction may be open.
     *
     * @return the object as Stripe sent it; null when Stripe does not know it
     * @throws RuntimeException when Stripe is away or refuses: the event is tried again later
     */
    @Nullable
    JsonNode fetch(Fetch fetch);
}
