package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The cost of an instant payout, and the largest amount that leaves room for it. */
class InstantFeeTest {

    private static final InstantFee ONE_PERCENT = new InstantFee(new BigDecimal("1.00"));

    @ParameterizedTest
    @CsvSource({ "USD 100.00, USD 1.00", "USD 50.00, USD 0.50", "USD 10.00, USD 0.50", "USD 123.50, USD 1.24",
            "USD 123.49, USD 1.23", "JPY 10000, JPY 100", "JPY 100, JPY 50", "HUF 100000.00, HUF 1000.00",
            "KWD 100.000, KWD 1.000", "KWD 1.000, KWD 0.150" })
    void isAShareAndAtLeastHalfADollar(String amount, String fee) {
        assertThat(ONE_PERCENT.of(Money.parse(amount))).isEqualTo(Money.parse(fee));
    }

    @ParameterizedTest
    @CsvSource({ "USD 101.00, USD 100.00", "USD 100.00, USD 99.01", "USD 10.00, USD 9.50", "USD 0.50, USD 0.00",
            "USD 0.00, USD 0.00", "USD -5.00, USD 0.00", "HUF 8360.45, HUF 8160.00", "JPY 1000, JPY 950" })
    void leavesRoomForItself(String all, String most) {
        assertThat(ONE_PERCENT.mostOf(Money.parse(all))).isEqualTo(Money.parse(most));
    }

    /** The largest amount fits, and one more unit does not. */
    @Property(tries = 2000)
    void leavesNoMoreRoomThanItTakes(@ForAll @IntRange(min = 1, max = 3_000_000) int units,
            @ForAll @IntRange(min = 0, max = 500) int hundredths, @ForAll @IntRange(min = 0, max = 4) int which) {
        CurrencyUnit unit = CurrencyUnit.of(new String[] { "USD", "JPY", "KWD", "HUF", "ISK" }[which]);
        StripeCurrency currency = StripeCurrencies.of(unit);
        InstantFee fee = new InstantFee(BigDecimal.valueOf(hundredths, 2));
        Money all = currency.chargeUnit().multipliedBy(units);

        Money most = fee.mostOf(all);

        Money more = most.plus(currency.payoutUnit());
        assertThat(more.plus(fee.of(more))).isGreaterThan(all);
        if (!most.isZero()) {
            assertThat(most.plus(fee.of(most))).isLessThanOrEqualTo(all);
            assertThat(currency.requireOnPayoutUnit(most).isPositive()).isTrue();
        }
    }
}
