package io.coachpay.refund;

import java.util.EnumSet;
import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;

/** The state of a refund. A succeeded one may still fail. */
public enum RefundStatus implements Transitions<RefundStatus> {
    REQUESTED("requested"),
    REFUSED("refused"),
    PENDING("pending"),
    REQUIRES_ACTION("requires_action"),
    SUCCEEDED("succeeded"),
    FAILED("failed"),
    CANCELED("canceled");

    @EnumeratedValue
    private final String column;

    RefundStatus(String column) {
        this.column = column;
    }

    /** A refused one may be asked for again, or turn out to have been made. */
    @Override
    public Set<RefundStatus> next() {
        return switch (this) {
            case REFUSED -> EnumSet.of(REQUESTED, PENDING, REQUIRES_ACTION, SUCCEEDED, FAILED, CANCELED);
            case REQUESTED -> EnumSet.of(REFUSED, PENDING, REQUIRES_ACTION, SUCCEEDED, FAILED, CANCELED);
            case PENDING -> EnumSet.of(REQUIRES_ACTION, SUCCEEDED, FAILED, CANCELED);
            case REQUIRES_ACTION -> EnumSet.of(PENDING, SUCCEEDED, FAILED, CANCELED);
            case SUCCEEDED -> EnumSet.of(FAILED);
            case FAILED, CANCELED -> EnumSet.noneOf(RefundStatus.class);
        };
    }

    /** Whether the payer has the money, or may still get it. */
    public boolean isLive() {
        return switch (this) {
            case REQUESTED, PENDING, REQUIRES_ACTION, SUCCEEDED -> true;
            case REFUSED, FAILED, CANCELED -> false;
        };
    }

    /** Whether its money came back or never left. */
    boolean isUndone() {
        return this == FAILED || this == CANCELED;
    }

    @Override
    public String column() {
        return column;
    }
}
