package io.coachpay.payment;

import java.util.Locale;

/** The purpose of a payment. Each has one {@link Purchase}, or the service does not start. */
public enum Purpose {
    /** A coach's time; the subject is the session. */
    SESSION_PAYMENT("session_id"),
    /** Credits; the subject is their package. */
    CREDIT_PURCHASE("package_id"),
    /** An invoice of a subscription, which Stripe charges by itself; the subject is the invoice. */
    SUBSCRIPTION_PAYMENT("invoice_id");

    private final String metadataKey;

    Purpose(String metadataKey) {
        this.metadataKey = metadataKey;
    }

    /** The purpose as the database and the API write it. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The key of the subject in the metadata of Stripe's objects. */
    String metadataKey() {
        return metadataKey;
    }

    /**
     * Finds a purpose by its column.
     *
     * @throws IllegalArgumentException for one that only a later release serves
     */
    static Purpose of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }
}
