package io.coachpay.reporting;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.regex.Pattern;

import io.coachpay.http.InvalidField;

/** A month of the calendar, in a place. */
record Month(YearMonth value, ZoneId zone) {

    private static final Pattern WRITTEN = Pattern.compile("\\d{4}-\\d{2}");

    /** @throws InvalidField for what is no month (400) */
    static Month parse(String text, ZoneId zone) {
        try {
            if (WRITTEN.matcher(text).matches()) {
                return new Month(YearMonth.parse(text), zone);
            }
        } catch (DateTimeException e) {
            throw new InvalidField("month", "has months from 01 to 12");
        }
        throw new InvalidField("month", "must be a year and a month, such as 2030-05");
    }

    String name() {
        return value.toString();
    }

    Instant from() {
        return begin(value);
    }

    Instant to() {
        return begin(value.plusMonths(1));
    }

    private Instant begin(YearMonth month) {
        return month.atDay(1).atStartOfDay(zone).toInstant();
    }
}
