package io.coachpay.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {

    private static final BigDecimal TWENTY = new BigDecimal("20.00");

    @ParameterizedTest
    @CsvSource({ "USD 100.00,75,USD 125.00,USD 25.00,USD 100.00", "USD 10.01,60,USD 10.01,USD 2.00,USD 8.01",
            "JPY 8000,50,JPY 6667,JPY 1333,JPY 5334", "KWD 12.350,75,KWD 15.440,KWD 3.090,KWD 12.350",
            "ISK 9999,50,ISK 8333,ISK 1667,ISK 6666" })
    void pricesAndSplitsASession(String rate, int minutes, String price, String fee, String payout) {
        Split split = Split.of(Price.of(Money.parse(rate), minutes), TWENTY);

        assertThat(split).isEqualTo(new Split(Money.parse(price), Money.parse(fee), Money.parse(payout)));
    }

    @Test
    void returnsTheFeeExactlyWhenAPriceIsRefundedInParts() {
        Split split = Split.of(Money.parse("USD 10.01"), TWENTY);

        Money first = split.feeRefund(Money.parse("USD 3.33"), Money.parse("USD 0.00"), Money.parse("USD 0.00"));
        Money second = split.feeRefund(Money.parse("USD 3.33"), Money.parse("USD 3.33"), first);
        Money rest = split.feeRefund(Money.parse("USD 3.35"), Money.parse("USD 6.66"), first.plus(second));

        assertThat(first).isEqualTo(Money.parse("USD 0.67"));
        assertThat(second).isEqualTo(Money.parse("USD 0.67"));
        assertThat(rest).isEqualTo(Money.parse("USD 0.66"));
    }

    @ParameterizedTest
    @CsvSource({ "JPY 6667,JPY 3000,JPY 600", "KWD 15.440,KWD 5.000,KWD 1.000", "USD 125.00,USD 62.50,USD 12.50" })
    void returnsTheFeeInProportion(String price, String refund, String fee) {
        Split split = Split.of(Money.parse(price), TWENTY);
        Money none = Money.zero(split.price().getCurrencyUnit());

        assertThat(split.feeRefund(Money.parse(refund), none, none)).isEqualTo(Money.parse(fee));
    }

    @Test
    void refusesToReturnMoreThanWasPaid() {
        Split split = Split.of(Money.parse("USD 10.00"), TWENTY);

        assertThatIllegalArgumentException().isThrownBy(
                () -> split.feeRefund(Money.parse("USD 0.01"), Money.parse("USD 10.00"), Money.parse("USD 2.00")));
    }

    @Test
    void refusesPartsThatDoNotMakeUpThePrice() {
        Money price = Money.parse("USD 10.00");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Split(price, Money.parse("USD 2.00"), Money.parse("USD 7.99")));
        assertThatThrownBy(() -> new Split(price, Money.parse("USD -2.00"), Money.parse("USD 12.00")))
                .isInstanceOf(MoneyRefused.NegativeAmount.class);
        assertThatThrownBy(() -> new Split(Money.parse("KWD 1.000"), Money.parse("KWD 0.005"), Money.parse("KWD 0.995")))
                .isInstanceOf(MoneyRefused.OffUnit.class);
    }

    @ParameterizedTest
    @CsvSource({ "-0.01", "100.01" })
    void refusesPercentagesBeyondTheWhole(BigDecimal percentage) {
        assertThatIllegalArgumentException().isThrownBy(() -> Split.of(Money.parse("USD 10.00"), percentage));
    }

    @ParameterizedTest
    @CsvSource({ "0", "-5" })
    void refusesSessionsWithoutMinutes(int minutes) {
        assertThatIllegalArgumentException().isThrownBy(() -> Price.of(Money.parse("USD 10.00"), minutes));
    }

    @Test
    void refusesANegativeRate() {
        assertThatThrownBy(() -> Price.of(Money.parse("USD -1.00"), 60)).isInstanceOf(MoneyRefused.NegativeAmount.class);
    }
}
