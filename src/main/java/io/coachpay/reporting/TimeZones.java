package io.coachpay.reporting;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;

/**
 * The time zones of a coach's days, now and before.
 *
 * @param current that of the profile
 * @param past those before it, oldest first
 */
record TimeZones(ZoneId current, List<Past> past) {

    /** A zone that the profile had until then. */
    record Past(ZoneId zone, Instant until) {
    }

    /** The zone in which a month began, or will. */
    private ZoneId of(YearMonth month) {
        return past.stream().filter(before -> begin(month, before.zone).isBefore(before.until)).map(Past::zone).findFirst()
                .orElse(current);
    }

    /**
     * A month in the zone in which it began: it ends where the next one begins, so none lacks an hour and no hour counts twice.
     */
    Month month(YearMonth value) {
        YearMonth next = value.plusMonths(1);
        ZoneId zone = of(value);
        return new Month(value, zone, begin(value, zone), begin(next, of(next)));
    }

    private static Instant begin(YearMonth month, ZoneId zone) {
        return month.atDay(1).atStartOfDay(zone).toInstant();
    }
}
