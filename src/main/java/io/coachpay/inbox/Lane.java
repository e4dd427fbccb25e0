package io.coachpay.inbox;

import java.util.Locale;

/**
 * Who works on an event: each lane has threads of its own, so that what waits for Stripe holds up nothing but its like. An
 * event begins in the quick lane, and is handed on when its handlers turn out to need something of Stripe's.
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
