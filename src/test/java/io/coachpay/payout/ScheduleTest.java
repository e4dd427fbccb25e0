package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.coach.PayoutSchedule;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Due days, in places where clocks change, and where they never do. */
class ScheduleTest {

    @ParameterizedTest
    @CsvSource({
            "daily,   UTC,                 2026-03-10T00:00:00Z, 2026-03-10, 2026-03-11",
            "daily,   UTC,                 2026-03-09T23:59:59Z, 2026-03-09, 2026-03-10",
            "daily,   Pacific/Kiritimati,  2026-03-09T10:00:00Z, 2026-03-10, 2026-03-11",
            "weekly,  Europe/Berlin,       2026-03-08T22:59:59Z, 2026-03-02, 2026-03-09",
            "weekly,  Europe/Berlin,       2026-03-08T23:00:00Z, 2026-03-09, 2026-03-16",
            "weekly,  America/Los_Angeles, 2026-03-09T06:59:59Z, 2026-03-02, 2026-03-09",
            "weekly,  America/Los_Angeles, 2026-03-09T07:00:00Z, 2026-03-09, 2026-03-16",
            "monthly, Asia/Tokyo,          2026-02-28T15:00:00Z, 2026-03-01, 2026-04-01",
            "monthly, UTC,                 2028-02-29T12:00:00Z, 2028-02-01, 2028-03-01",
            "monthly, UTC,                 2026-12-31T23:59:59Z, 2026-12-01, 2027-01-01" })
    void knowsLastAndNextDueDay(String every, String zone, Instant now, LocalDate last, LocalDate next) {
        Schedule schedule = new Schedule(PayoutSchedule.of(every), ZoneId.of(zone));

        assertThat(schedule.lastDue(now)).isEqualTo(last);
        assertThat(schedule.nextDue(now)).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({
            "America/Santiago, 2026-09-06, 2026-09-06T04:00:00Z",
            "Africa/Cairo,     2026-04-24, 2026-04-23T22:00:00Z",
            "America/Havana,   2026-11-01, 2026-11-01T04:00:00Z",
            "Pacific/Apia,     2011-12-30, 2011-12-30T10:00:00Z" })
    void beginsADayWithoutMidnightAtItsFirstMoment(String zone, LocalDate day, Instant begins) {
        assertThat(new Schedule(PayoutSchedule.DAILY, ZoneId.of(zone)).begins(day)).isEqualTo(begins);
    }

    @ParameterizedTest
    @CsvSource({ "Pacific/Apia, 2011-12-30T09:59:59Z", "Pacific/Kwajalein, 1993-08-21T11:00:00Z" })
    void getsOverADayThatAPlaceSkipped(String zone, Instant before) {
        Schedule schedule = new Schedule(PayoutSchedule.DAILY, ZoneId.of(zone));

        assertThat(schedule.begins(schedule.nextDue(before))).isAfter(before);
    }

    @ParameterizedTest
    @CsvSource({ "2026-03-10T00:00:00Z, 2026-03-10" })
    void waitsForNoDayWithInstantPayouts(Instant now, LocalDate today) {
        Schedule schedule = new Schedule(PayoutSchedule.INSTANT, ZoneId.of("UTC"));

        assertThat(schedule.lastDue(now)).isNull();
        assertThat(schedule.nextDue(now)).isEqualTo(today);
    }

    @Property
    void leavesNoDueDayOutBetweenLastAndNext(@ForAll("schedules") Schedule schedule, @ForAll("moments") Instant now) {
        LocalDate last = schedule.lastDue(now);
        LocalDate next = schedule.nextDue(now);

        assertThat(schedule.begins(last)).isBeforeOrEqualTo(now);
        assertThat(schedule.begins(next)).isAfter(now);
        assertThat(List.of(last, next)).allMatch(day -> isDue(schedule, day));
        assertThat(last.plusDays(1).datesUntil(next)).noneMatch(day -> isDue(schedule, day));
    }

    @Property
    void makesTheNextDueDayTheLastOneWhenItBegins(@ForAll("schedules") Schedule schedule, @ForAll("moments") Instant now) {
        LocalDate next = schedule.nextDue(now);

        assertThat(schedule.lastDue(schedule.begins(next))).isEqualTo(next);
        assertThat(schedule.lastDue(schedule.begins(next).minusMillis(1))).isBefore(next);
    }

    @Property
    void neverGoesBackAsTimePasses(@ForAll("schedules") Schedule schedule, @ForAll("moments") Instant now) {
        Instant later = now.plus(Duration.ofHours(5));

        assertThat(schedule.lastDue(later)).isAfterOrEqualTo(schedule.lastDue(now));
        assertThat(schedule.nextDue(later)).isAfterOrEqualTo(schedule.nextDue(now));
    }

    private static boolean isDue(Schedule schedule, LocalDate day) {
        return switch (schedule.every()) {
            case INSTANT -> false;
            case DAILY -> true;
            case WEEKLY -> day.getDayOfWeek() == DayOfWeek.MONDAY;
            case MONTHLY -> day.getDayOfMonth() == 1;
        };
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        Arbitrary<ZoneId> zones = Arbitraries.of(ZoneId.getAvailableZoneIds().stream().sorted().toList()).map(ZoneId::of);
        return Arbitraries.of(PayoutSchedule.DAILY, PayoutSchedule.WEEKLY, PayoutSchedule.MONTHLY)
                .flatMap(every -> zones.map(zone -> new Schedule(every, zone)));
    }

    @Provide
    Arbitrary<Instant> moments() {
        return Arbitraries.longs().between(Instant.parse("2015-01-01T00:00:00Z").getEpochSecond(),
                Instant.parse("2045-01-01T00:00:00Z").getEpochSecond()).map(Instant::ofEpochSecond);
    }
}
