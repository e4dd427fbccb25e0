package io.coachpay.payout;

import java.util.EnumSet;
import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;

/** The state of a payout. A paid one may still fail. */
public enum PayoutStatus implements Transitions<PayoutStatus> {
    REQUESTED("requested"),
    REFUSED("refused"),
    PENDING("pending"),
    IN_TRANSIT("in_transit"),
    PAID("paid"),
    FAILED("failed"),
    CANCELED("canceled");

    @EnumeratedValue
    private final String column;

    PayoutStatus(String column) {
        this.column = column;
    }

    @Override
    public Set<PayoutStatus> next() {
        return switch (this) {
            case REQUESTED -> EnumSet.of(REFUSED, PENDING, IN_TRANSIT, PAID, FAILED, CANCELED);
            case PENDING -> EnumSet.of(IN_TRANSIT, PAID, FAILED, CANCELED);
            case IN_TRANSIT -> EnumSet.of(PAID, FAILED, CANCELED);
            case PAID -> EnumSet.of(FAILED);
            case REFUSED, FAILED, CANCELED -> EnumSet.noneOf(PayoutStatus.class);
        };
    }

    /** Whether its money never left or came back. */
    boolean isOver() {
        return switch (this) {
            case REFUSED, FAILED, CANCELED -> true;
            case REQUESTED, PENDING, IN_TRANSIT, PAID -> false;
        };
    }

    @Override
    public String column() {
        return column;
    }
}
