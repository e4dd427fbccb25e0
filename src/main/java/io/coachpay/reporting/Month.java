package io.coachpay.reporting;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.regex.Pattern;

import io.coachpay.http.InvalidField;

/**
 * A month of the calendar, in a time zone.
 *
 * @param zone in which it began
 * @param to its end, exclusive
 */
record Month(YearMonth value, ZoneId zone, Instant from, Instant to) {

    private static final Pattern WRITTEN = Pattern.compile("\\d{4}-\\d{2}");

    /** @throws InvalidField for a malformed month (400) */
    static Month parse(String text, TimeZones zones) {
        try {
            if (WRITTEN.matcher(text).matches()) {
                return zones.month(YearMonth.parse(text));
            }
        } catch (DateTimeException e) {
            throw new InvalidField("month", "has months from 01 to 12");
        }
        throw new InvalidField("month", "must be a year and a month, such as 2030-05");
    }

    String name() {
        return value.toString();
    }
}
