package io.coachpay.payment;

import java.util.Locale;

/** What a payment is for. Each has one {@link Purchase}, or the service does not start. */
public enum Purpose {
    /** A coach's time; the subject is the session. */
    SESSION_PAYMENT("session_id");

    private final String metadataKey;

    Purpose(String metadataKey) {
        this.metadataKey = metadataKey;
    }

    /** The purpose as the database and the API write it. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Under which key the metadata of Stripe's objects names the subject. */
    String metadataKey() {
        return metadataKey;
    }

    /** @throws IllegalArgumentException for one that only a later release serves */
    static Purpose of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }
}
