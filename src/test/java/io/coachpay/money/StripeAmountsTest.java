package io.coachpay.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StripeAmountsTest {

    @ParameterizedTest
    @CsvSource({ "USD 125.00,12500,usd", "JPY 6667,6667,jpy", "KWD 15.440,15440,kwd", "ISK 5,500,isk", "UGX 5,500,ugx",
            "MGA 5.00,5,mga", "USD 0.00,0,usd" })
    void sendsAndReadsTheSameMoney(String money, long minor, String code) {
        Money amount = Money.parse(money);

        assertThat(StripeAmounts.toStripe(amount)).isEqualTo(minor);
        assertThat(StripeAmounts.code(amount.getCurrencyUnit())).isEqualTo(code);
        assertThat(StripeAmounts.fromStripe(minor, code)).isEqualTo(amount);
    }

    @ParameterizedTest
    @CsvSource({ "-12500,usd,USD -125.00", "548,kwd,KWD 0.548", "-1,jpy,JPY -1" })
    void readsFeesAndDebitsThatCouldNotBeSent(long minor, String code, String money) {
        assertThat(StripeAmounts.fromStripe(minor, code)).isEqualTo(Money.parse(money));
    }

    @Test
    void refusesToSendWhatStripeRefuses() {
        Money beyondLong = Money.of(CurrencyUnit.USD, new BigDecimal("1e17"));

        assertThatThrownBy(() -> StripeAmounts.toStripe(Money.parse("KWD 0.005"))).isInstanceOf(MoneyRefused.OffUnit.class);
        assertThatThrownBy(() -> StripeAmounts.toStripe(Money.parse("MGA 0.50"))).isInstanceOf(MoneyRefused.OffUnit.class);
        assertThatThrownBy(() -> StripeAmounts.toStripe(Money.parse("USD -0.01")))
                .isInstanceOf(MoneyRefused.NegativeAmount.class);
        assertThatThrownBy(() -> StripeAmounts.toStripe(Money.parse("DEM 1.00")))
                .isInstanceOf(MoneyRefused.UnknownCurrency.class);
        assertThatThrownBy(() -> StripeAmounts.toStripe(beyondLong)).isInstanceOf(MoneyRefused.TooLarge.class);
    }

    @Test
    void refusesFractionsOfPayoutsThatMustBeWhole() {
        assertThat(StripeAmounts.toStripePayout(Money.parse("HUF 10.00"))).isEqualTo(1000);
        assertThatThrownBy(() -> StripeAmounts.toStripePayout(Money.parse("HUF 10.45")))
                .isInstanceOf(MoneyRefused.OffUnit.class);
    }

    @ParameterizedTest
    @ValueSource(strings = { "isk", "ugx" })
    void refusesToReadFractionsOfAWholeCurrency(String code) {
        assertThatThrownBy(() -> StripeAmounts.fromStripe(550, code)).isInstanceOf(MoneyRefused.NotStripeAmount.class);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = { "", "usdc", "dem", "x" })
    void refusesToReadUnknownCurrencies(String code) {
        assertThatThrownBy(() -> StripeAmounts.fromStripe(1, code)).isInstanceOf(MoneyRefused.UnknownCurrency.class);
    }
}
