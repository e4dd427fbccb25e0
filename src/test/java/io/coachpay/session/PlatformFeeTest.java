package io.coachpay.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.subscription.Benefits;

class PlatformFeeTest {

    @ParameterizedTest
    @CsvSource({ "20.00, 10.00, 10.00, PLAN", "20.00, 19.99, 19.99, PLAN", "20.00, 0.00, 0.00, PLAN",
            "20.00, 20, 20.00, PROFILE", "20.00, 20.01, 20.00, PROFILE", "0.00, 0.00, 0.00, PROFILE",
            "20.00, , 20.00, PROFILE" })
    void isTheLowerOne(BigDecimal own, @Nullable BigDecimal plans, BigDecimal percentage, FeeSource source) {
        assertThat(PlatformFee.of(own, new Benefits(plans, null))).isEqualTo(new PlatformFee(percentage, source));
    }
}
