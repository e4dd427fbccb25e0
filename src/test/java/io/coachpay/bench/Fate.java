package io.coachpay.bench;

import java.time.Duration;

/** The course of a payment of a {@link History}, and how long after it. */
enum Fate {
    /** Nothing more. */
    KEPT(0),
    /** Given up by the payer: no money moves. */
    GIVEN_UP(0),
    /** The session is cancelled before its money is available, and all is refunded. */
    CANCELLED(Duration.ofHours(6).toMillis()),
    /** Half of it is refunded. */
    REFUNDED_HALF(Duration.ofDays(5).toMillis()),
    /** All of it is refunded when it was paid out long ago. */
    REFUNDED_LATE(Duration.ofDays(40).toMillis());

    final long after;

    Fate(long after) {
        this.after = after;
    }

    /** @param lot evenly from 0 to 999 */
    static Fate of(int lot) {
        if (lot >= 40) {
            return KEPT;
        }
        return lot < 20 ? CANCELLED : lot < 35 ? REFUNDED_HALF : REFUNDED_LATE;
    }

    boolean refunds() {
        return after > 0;
    }
}
