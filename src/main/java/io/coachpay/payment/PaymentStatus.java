package io.coachpay.payment;

import java.util.EnumSet;
import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;
import io.coachpay.http.Choice;

/** The state of a payment. {@code COMPLETED} and the two refunded ones follow from the amount refunded. */
public enum PaymentStatus implements Transitions<PaymentStatus> {
    PENDING("pending"),
    PROCESSING("processing"),
    COMPLETED("completed"),
    FAILED("failed"),
    CANCELED("canceled"),
    PARTIALLY_REFUNDED("partially_refunded"),
    REFUNDED("refunded");

    private static final Set<PaymentStatus> PAID = EnumSet.of(COMPLETED, PARTIALLY_REFUNDED, REFUNDED);

    @EnumeratedValue
    private final String column;

    PaymentStatus(String column) {
        this.column = column;
    }

    @Override
    public Set<PaymentStatus> next() {
        return switch (this) {
            case PENDING -> EnumSet.of(PROCESSING, COMPLETED, FAILED, CANCELED);
            case PROCESSING -> EnumSet.of(COMPLETED, FAILED, CANCELED);
            case FAILED -> EnumSet.of(PENDING, PROCESSING, COMPLETED, CANCELED);
            case COMPLETED -> EnumSet.of(PARTIALLY_REFUNDED, REFUNDED);
            case PARTIALLY_REFUNDED -> EnumSet.of(COMPLETED, REFUNDED);
            case REFUNDED -> EnumSet.of(COMPLETED, PARTIALLY_REFUNDED);
            // Money that arrives after Stripe cancelled the payment is posted all the same.
            case CANCELED -> EnumSet.of(COMPLETED);
        };
    }

    static PaymentStatus of(String column) {
        return Choice.of("status", column, values(), PaymentStatus::column);
    }

    /** Whether the payer has paid, including payments that were refunded since. */
    public boolean isPaid() {
        return PAID.contains(this);
    }

    @Override
    public String column() {
        return column;
    }
}
