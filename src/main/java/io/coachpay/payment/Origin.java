package io.coachpay.payment;

import org.jspecify.annotations.Nullable;

import io.coachpay.inbox.Event;

/**
 * The source of news about a payment, for its log.
 *
 * @param word an event's type, or our own word where no event told it
 * @param eventId Stripe's id of the event, {@code evt_…}; null where no event told it
 */
public record Origin(String word, @Nullable String eventId) {

    /** News that this event brought. */
    public static Origin of(Event event) {
        return new Origin(event.type(), event.eventId());
    }

    /** News that we asked Stripe for, or made ourselves. */
    public static Origin own(String word) {
        return new Origin(word, null);
    }
}
