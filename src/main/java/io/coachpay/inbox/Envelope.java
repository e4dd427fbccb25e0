package io.coachpay.inbox;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The fields of an event that storing it needs: all but its object.
 *
 * @param eventId {@code evt_…}
 * @param account the connected account it is about; null for the platform's own
 * @param created when it happened, by Stripe's clock
 * @param thin whether it names its object instead of carrying it
 * @see <a href="https://docs.stripe.com/event-destinations#events-overview">Stripe: snapshot and thin events</a>
 */
record Envelope(String eventId, String type, @Nullable String account, @Nullable String apiVersion, Instant created,
        boolean livemode, boolean thin) {
}
