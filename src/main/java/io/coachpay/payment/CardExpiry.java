package io.coachpay.payment;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** The month through whose last day a card is good, in UTC. */
record CardExpiry(int year, int month) {

    /** Owners are warned this long before. */
    private static final Duration NEAR = Duration.ofDays(60);

    /** Whether the month has passed. Banks may renew such a card, so that it is never hidden. */
    boolean isOver(Instant now) {
        return !now.isBefore(end());
    }

    /** Whether the card is still good, and its end is near. */
    boolean isNear(Instant now) {
        return !isOver(now) && !now.isBefore(end().minus(NEAR));
    }

    private Instant end() {
        return YearMonth.of(year, month).plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
