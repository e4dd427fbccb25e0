package io.coachpay.inbox;

import java.util.Locale;

/**
 * The queue of an event. Each lane has threads of its own, so that events that wait for Stripe delay only each other. An event
 * begins in the quick lane, and is handed on when its handlers need something from Stripe.
 */
enum Lane {

    /** Applied from what the event carries. */
    QUICK,
    /** Needs objects as they are at Stripe now. */
    FETCHING;

    /** Its name in metrics and threads. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Lane of(boolean fetches) {
        return fetches ? FETCHING : QUICK;
    }
}
