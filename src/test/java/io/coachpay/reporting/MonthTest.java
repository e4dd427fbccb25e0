package io.coachpay.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.http.InvalidField;

class MonthTest {

    @Test
    void beginsAndEndsWhereTheCoachIs() {
        Month month = Month.parse("2030-03", ZoneId.of("Europe/Berlin"));

        assertThat(month.name()).isEqualTo("2030-03");
        assertThat(month.from()).isEqualTo(Instant.parse("2030-02-28T23:00:00Z"));
        assertThat(month.to()).as("after the clocks were put forward").isEqualTo(Instant.parse("2030-03-31T22:00:00Z"));
    }

    @Test
    void beginsWithTheFirstMomentOfADayThatHasNoMidnight() {
        Month month = Month.parse("2000-10", ZoneId.of("America/Sao_Paulo"));

        assertThat(month.from()).isEqualTo(Instant.parse("2000-10-01T03:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "2030", "2030-3", "2030-13", "2030-00", "30-03", "2030-03-01", "+12030-03", "March", "",
            "２０３０-０３" })
    void refusesWhatIsNoMonth(String text) {
        assertThatThrownBy(() -> Month.parse(text, ZoneId.of("UTC"))).isInstanceOf(InvalidField.class)
                .hasMessageStartingWith("month: ");
    }
}
