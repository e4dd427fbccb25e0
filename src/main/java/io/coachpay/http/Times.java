package io.coachpay.http;

import java.time.DateTimeException;
import java.time.Instant;

/** Reads times as callers write them. */
final class Times {

    static final String SHOULD_BE_A_TIME = "must be a time such as 2030-05-06T09:00:00Z";

    /** From year 1 to 9999, which PostgreSQL, JSON and all clients can write; sums with them do not overflow. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private Times() {
    }

    /**
     * Reads a time with an offset.
     *
     * @throws DateTimeException for any other text, or a year outside 1 to 9999
     */
    static Instant parse(String text) {
        Instant time = Instant.parse(text);
        if (time.isBefore(FIRST) || !time.isBefore(END)) {
            throw new DateTimeException("Outside of the years 1 to 9999");
        }
        return time;
    }
}
