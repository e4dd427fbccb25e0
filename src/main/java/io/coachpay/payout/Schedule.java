package io.coachpay.payout;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjuster;
import java.time.temporal.TemporalAdjusters;

import org.jspecify.annotations.Nullable;

import io.coachpay.coach.PayoutSchedule;

/**
 * The days on which a coach is paid, and their beginning in the coach's time zone.
 *
 * @param every instant payouts have no due days
 * @param zone a place's, with its daylight saving time
 */
record Schedule(PayoutSchedule every, ZoneId zone) {

    /** The last due day that has begun by then; null without due days. */
    @Nullable
    LocalDate lastDue(Instant now) {
        TemporalAdjuster back = back();
        if (back == null) {
            return null;
        }
        return LocalDate.ofInstant(now, zone).with(back);
    }

    /** The first due day that begins after then; without due days, the day itself. */
    LocalDate nextDue(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        TemporalAdjuster forth = forth();
        if (forth == null) {
            return today;
        }
        LocalDate day = today.with(forth);
        // A place may skip a day or begin one twice; neither begins after now only because its date is later.
        while (!begins(day).isAfter(now)) {
            day = day.with(forth);
        }
        return day;
    }

    /** The first due day that begins at that moment or later; without due days, the day itself. */
    LocalDate firstDue(Instant from) {
        return every == PayoutSchedule.INSTANT ? LocalDate.ofInstant(from, zone) : nextDue(from.minusNanos(1));
    }

    /** Midnight, or the first moment of the day where clocks jump over it. */
    Instant begins(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    private @Nullable TemporalAdjuster back() {
        return switch (every) {
            case INSTANT -> null;
            case DAILY -> day -> day;
            case WEEKLY -> TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY);
            case MONTHLY -> TemporalAdjusters.firstDayOfMonth();
        };
    }

    private @Nullable TemporalAdjuster forth() {
        return switch (every) {
            case INSTANT -> null;
            case DAILY -> TemporalAdjusters.ofDateAdjuster(day -> day.plusDays(1));
            case WEEKLY -> TemporalAdjusters.next(DayOfWeek.MONDAY);
            case MONTHLY -> TemporalAdjusters.firstDayOfNextMonth();
        };
    }
}
