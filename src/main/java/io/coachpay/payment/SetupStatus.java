package io.coachpay.payment;

import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;

/** States of a wish to save a payment method. */
enum SetupStatus implements Transitions<SetupStatus> {
    /** Stripe is not known to have it. */
    REQUESTED("requested"),
    /** Its owner has yet to enter a method, or to answer the bank's question. */
    OPEN("open"),
    SUCCEEDED("succeeded"),
    /** The bank refused the method; its owner can try another. */
    FAILED("failed"),
    CANCELED("canceled");

    @EnumeratedValue
    private final String column;

    SetupStatus(String column) {
        this.column = column;
    }

    @Override
    public Set<SetupStatus> next() {
        return switch (this) {
            case REQUESTED -> Set.of(OPEN, SUCCEEDED, FAILED, CANCELED);
            case OPEN -> Set.of(SUCCEEDED, FAILED, CANCELED);
            case FAILED -> Set.of(OPEN, SUCCEEDED, CANCELED);
            case SUCCEEDED, CANCELED -> Set.of();
        };
    }

    @Override
    public String column() {
        return column;
    }
}
