package io.coachpay.inbox;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The webhook endpoint that an event belongs to, one of two.
 *
 * @see <a href="https://docs.stripe.com/connect/webhooks">Stripe: Connect webhooks</a>
 */
public enum Endpoint {

    /** Events of the platform's own account; they carry no {@code account}. */
    PLATFORM,
    /** Events of connected accounts; each carries the {@code account} it is about. */
    CONNECT;

    /** Its name in the database, in metrics and on the wire. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Endpoint of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
