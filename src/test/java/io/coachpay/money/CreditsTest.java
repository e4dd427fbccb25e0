package io.coachpay.money;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditsTest {

    @ParameterizedTest
    @CsvSource({ "33, 10, 3.300000", "50.123457, 7.77, 3.894593", "33, 0, 0.000000", "33, 100, 33.000000",
            "0.000005, 10, 0.000001", "0.000004, 10, 0.000000", "0.000049, 1, 0.000000", "0.00005, 1, 0.000001",
            "99999.999999, 100.00, 99999.999999", "99999.999999, 33.33, 33330.000000" })
    void takesAPercentageToTheSixthDigit(BigDecimal credits, BigDecimal percentage, String share) {
        assertThat(Credits.of(credits).percent(percentage)).hasToString(share);
    }
}
