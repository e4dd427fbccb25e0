package io.coachpay.inbox;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One event as Stripe sent it. The object is raw JSON of the event's API version, so that an older or a newer one is read
 * rather than skipped.
 *
 * @param id our row's id
 * @param eventId Stripe's id, {@code evt_…}; null where we asked Stripe for the object, as no event had told us
 * @param account the connected account it is about; null for the platform's own
 * @param endpoint the endpoint it belongs to
 * @param type such as {@code payment_intent.succeeded}
 * @param apiVersion the version of the object's format; null when Stripe did not say
 * @param created when it happened, to the second, by Stripe's clock: events of one second have no order
 * @param livemode whether it is about real money
 * @param object {@code data.object}; a missing node in thin events
 * @param previousAttributes {@code data.previous_attributes}; a missing node where there are none
 * @see <a href="https://docs.stripe.com/api/events/object">Stripe: the event object</a>
 */
public record Event(UUID id, @Nullable String eventId, @Nullable String account, Endpoint endpoint, String type,
        @Nullable String apiVersion, Instant created, boolean livemode, JsonNode object, JsonNode previousAttributes) {

    /** The Stripe id of the object it is about; empty where the object has none. */
    public String objectId() {
        return object.path("id").asText();
    }

    /** Our own row's id, which every object that we create carries as metadata {@code coachpay_id}; null on any other. */
    public @Nullable String coachpayId() {
        return object.path("metadata").path("coachpay_id").textValue();
    }
}
