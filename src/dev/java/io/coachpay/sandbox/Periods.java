package io.coachpay.sandbox;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

import io.vertx.core.json.JsonObject;

/** The periods that a subscription is billed for, counted from its anchor: 31 January, 28 February, 31 March. */
final class Periods {

    private Periods() {
    }

    /** The end of the period that {@code at} lies in. */
    static long end(long anchor, long at, JsonObject recurring) {
        long count = recurring.getLong("interval_count");
        long number = 1;
        long end = boundary(anchor, number, recurring.getString("interval"), count);
        while (end <= at) {
            number++;
            end = boundary(anchor, number, recurring.getString("interval"), count);
        }
        return end;
    }

    static boolean same(JsonObject recurring, JsonObject other) {
        return recurring.getString("interval").equals(other.getString("interval"))
                && recurring.getLong("interval_count").equals(other.getLong("interval_count"));
    }

    private static long boundary(long anchor, long number, String interval, long count) {
        ZonedDateTime start = Instant.ofEpochSecond(anchor).atZone(ZoneOffset.UTC);
        long steps = number * count;
        return (switch (interval) {
            case "day" -> start.plusDays(steps);
            case "week" -> start.plusWeeks(steps);
            case "month" -> start.plusMonths(steps);
            default -> start.plusYears(steps);
        }).toEpochSecond();
    }
}
