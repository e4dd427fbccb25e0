package io.coachpay.session;

import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

/** The time of a session, and how long it is held for a mentee who has not paid. No hold is longer than until the start. */
@Embeddable
class Slot {

    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    @Column(name = "starts_at", updatable = false)
    private Instant startsAt;
    @Column(name = "ends_at", updatable = false)
    private Instant endsAt;
    @Column(name = "hold_expires_at")
    private @Nullable Instant holdExpiresAt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;

    @SuppressWarnings("NullAway.Init")
    protected Slot() {
    }

    /** @param hold the end of the hold, unless the session starts earlier */
    Slot(Instant startsAt, Duration lasts, Instant hold) {
        this.startsAt = startsAt;
        this.endsAt = startsAt.plus(lasts);
        this.holdExpiresAt = noLaterThanStart(hold);
    }

    /** Extends the hold for as long as a payment may take. */
    void holdUntil(Instant end) {
        Instant until = noLaterThanStart(end);
        if (holdExpiresAt == null || holdExpiresAt.isBefore(until)) {
            holdExpiresAt = until;
            checkAt = null;
        }
    }

    /** Ends the hold without freeing the slot. */
    void keep() {
        holdExpiresAt = null;
    }

    Instant noLaterThanStart(Instant end) {
        return end.isAfter(startsAt) ? startsAt : end;
    }

    /** Schedules the next try to end an expired hold: pause = time since it expired, one minute to one hour. */
    void tryToExpire(Instant now) {
        Duration over = holdExpiresAt == null ? Duration.ZERO : Duration.between(holdExpiresAt, now);
        Duration pause = over.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE
                : over.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : over;
        checkAt = now.plus(pause);
    }

    boolean isHoldOver(Instant now) {
        return holdExpiresAt != null && !holdExpiresAt.isAfter(now);
    }

    Instant startsAt() {
        return startsAt;
    }

    Instant endsAt() {
        return endsAt;
    }

    /** Null once the session is paid or cancelled. */
    @Nullable
    Instant holdExpiresAt() {
        return holdExpiresAt;
    }
}
