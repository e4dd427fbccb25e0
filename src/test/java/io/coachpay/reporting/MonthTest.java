package io.coachpay.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.http.InvalidField;

class MonthTest {

    @Test
    void beginsAndEndsWhereTheCoachIs() {
        Month month = Month.parse("2030-03", always("Europe/Berlin"));

        assertThat(month.name()).isEqualTo("2030-03");
        assertThat(month.from()).isEqualTo(Instant.parse("2030-02-28T23:00:00Z"));
        assertThat(month.to()).as("after the clocks were put forward").isEqualTo(Instant.parse("2030-03-31T22:00:00Z"));
    }

    @Test
    void staysWhereTheCoachWasAndLeavesNothingOut() {
        TimeZones moved = new TimeZones(ZoneId.of("America/New_York"),
                List.of(new TimeZones.Past(ZoneId.of("Asia/Tokyo"), Instant.parse("2030-04-10T00:00:00Z"))));

        Month before = Month.parse("2030-03", moved);
        Month moving = Month.parse("2030-04", moved);
        Month after = Month.parse("2030-05", moved);

        assertThat(before).isEqualTo(Month.parse("2030-03", always("Asia/Tokyo")));
        assertThat(moving.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(moving.from()).isEqualTo(before.to());
        assertThat(moving.to()).isEqualTo(after.from()).isEqualTo(Instant.parse("2030-05-01T04:00:00Z"));
        assertThat(after).isEqualTo(Month.parse("2030-05", always("America/New_York")));
    }

    @Test
    void beginsWithTheFirstMomentOfADayThatHasNoMidnight() {
        Month month = Month.parse("2000-10", always("America/Sao_Paulo"));

        assertThat(month.from()).isEqualTo(Instant.parse("2000-10-01T03:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "2030", "2030-3", "2030-13", "2030-00", "30-03", "2030-03-01", "+12030-03", "March", "",
            "２０３０-０３" })
    void refusesWhatIsNoMonth(String text) {
        assertThatThrownBy(() -> Month.parse(text, always("UTC"))).isInstanceOf(InvalidField.class)
                .hasMessageStartingWith("month: ");
    }

    private static TimeZones always(String zone) {
        return new TimeZones(ZoneId.of(zone), List.of());
    }
}
