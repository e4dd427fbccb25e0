package io.coachpay.transfer;

import java.util.EnumSet;
import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;

/** The state of a transfer request. */
public enum TransferRequestStatus implements Transitions<TransferRequestStatus> {
    REQUESTED("requested"),
    CREATED("created"),
    /** The source balance does not hold the amount yet; it is retried. */
    WAITING_FOR_FUNDS("waiting_for_funds"),
    REFUSED("refused");

    @EnumeratedValue
    private final String column;

    TransferRequestStatus(String column) {
        this.column = column;
    }

    /** A refused one may be asked for again, or turn out to have been made. */
    @Override
    public Set<TransferRequestStatus> next() {
        return switch (this) {
            case REQUESTED -> EnumSet.of(CREATED, WAITING_FOR_FUNDS, REFUSED);
            case WAITING_FOR_FUNDS -> EnumSet.of(CREATED, REFUSED);
            case REFUSED -> EnumSet.of(REQUESTED, CREATED);
            case CREATED -> EnumSet.noneOf(TransferRequestStatus.class);
        };
    }

    @Override
    public String column() {
        return column;
    }
}
