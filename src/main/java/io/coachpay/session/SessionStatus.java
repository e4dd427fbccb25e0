package io.coachpay.session;

import java.util.EnumSet;
import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;

/** The state of a session. */
public enum SessionStatus implements Transitions<SessionStatus> {
    PENDING_PAYMENT("pending_payment"),
    CONFIRMED("confirmed"),
    COMPLETED("completed"),
    CANCELLED("cancelled"),
    NO_SHOW("no_show"),
    EXPIRED("expired");

    @EnumeratedValue
    private final String column;

    SessionStatus(String column) {
        this.column = column;
    }

    @Override
    public Set<SessionStatus> next() {
        return switch (this) {
            case PENDING_PAYMENT -> EnumSet.of(CONFIRMED, CANCELLED, EXPIRED);
            case EXPIRED -> EnumSet.of(CONFIRMED);
            case CONFIRMED -> EnumSet.of(COMPLETED, CANCELLED, NO_SHOW);
            case COMPLETED, CANCELLED, NO_SHOW -> EnumSet.noneOf(SessionStatus.class);
        };
    }

    @Override
    public String column() {
        return column;
    }
}
