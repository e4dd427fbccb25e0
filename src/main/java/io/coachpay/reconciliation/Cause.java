package io.coachpay.reconciliation;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/** The cause of a difference between our books and Stripe's, as far as that is known. */
public enum Cause {

    /** It is too young, or its explanation is still on its way: an event, a call of ours. */
    IN_FLIGHT,
    /** Stripe has the object, and no event ever reported it. */
    MISSED_EVENT,
    /** The event came long after it happened. */
    LATE_EVENT,
    /** Somebody did it at Stripe by hand. */
    DASHBOARD_ACTION,
    /** It belongs to nothing of ours. */
    FOREIGN,
    /** Stripe settled it in another currency. */
    CONVERTED,
    /** Stripe refused our request for good. */
    REFUSED,
    /** A refund or a movement between platform and coach waits until the balance it comes from holds it. */
    SHORT_OF_FUNDS,
    /** Nobody knows yet. */
    UNKNOWN;

    /** Its name in the database and on the wire. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Cause of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
