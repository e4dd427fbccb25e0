package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardExpiryTest {

    @ParameterizedTest
    @CsvSource({ "2026-10-01T23:59:59Z, false, false", "2026-10-02T00:00:00Z, true, false", "2026-11-30T23:59:59Z, true, false",
            "2026-12-01T00:00:00Z, false, true" })
    void isGoodThroughTheLastDayOfItsMonth(Instant now, boolean near, boolean over) {
        CardExpiry november = new CardExpiry(2026, 11);

        assertThat(november.isNear(now)).isEqualTo(near);
        assertThat(november.isOver(now)).isEqualTo(over);
    }

    @ParameterizedTest
    @CsvSource({ "2026-12-31T23:59:59Z, false", "2027-01-01T00:00:00Z, true" })
    void endsWithTheYear(Instant now, boolean over) {
        assertThat(new CardExpiry(2026, 12).isOver(now)).isEqualTo(over);
    }
}
