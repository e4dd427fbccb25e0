package io.coachpay.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTextTest {

    @ParameterizedTest
    @CsvSource({ "125.00,USD", "0.00,USD", "0.50,EUR", "6667,JPY", "0,JPY", "15.440,KWD", "500,ISK", "5.00,MGA",
            "999999999999.99,IDR" })
    void readsWhatItWrites(String amount, String currency) {
        Money money = MoneyText.parse(amount, currency);

        assertThat(MoneyText.format(money)).isEqualTo(amount);
        assertThat(money.getCurrencyUnit().getCode()).isEqualTo(currency);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = { "", " ", "+1.00", "1.00 ", " 1.00", "1e2", "1E2", "1,00", "1.", ".50", "00.50", "01.00", "--1.00",
            "1.00.00", "0x10", "NaN", "Infinity", "1_000.00", "１.００", "1.00\n", "1.00000", "1000000000000.00" })
    void refusesAnythingButAPlainNumber(String amount) {
        assertThatThrownBy(() -> MoneyText.parse(amount, "USD")).isInstanceOf(MoneyRefused.MalformedAmount.class)
                .isInstanceOf(MoneyRefused.Malformed.class);
    }

    @Test
    void refusesAVeryLongNumberAtOnce() {
        String digits = "9".repeat(1_000_000);

        assertThatThrownBy(() -> MoneyText.parse(digits, "USD")).isInstanceOf(MoneyRefused.MalformedAmount.class);
    }

    @Test
    void refusesNegativeAmounts() {
        assertThatThrownBy(() -> MoneyText.parse("-1.00", "USD")).isInstanceOf(MoneyRefused.NegativeAmount.class);
    }

    @ParameterizedTest
    @CsvSource({ "125,USD", "125.0,USD", "125.000,USD", "6667.00,JPY", "15.44,KWD", "5.00,ISK", "5.50,UGX", "5,MGA" })
    void refusesTheWrongNumberOfDigits(String amount, String currency) {
        assertThatThrownBy(() -> MoneyText.parse(amount, currency)).isInstanceOf(MoneyRefused.WrongDigits.class)
                .hasMessageContaining(currency);
    }

    @ParameterizedTest
    @CsvSource({ "0.005,KWD", "15.445,KWD", "5.50,MGA" })
    void refusesWellWrittenMoneyOffTheChargeUnit(String amount, String currency) {
        assertThatThrownBy(() -> MoneyText.parse(amount, currency)).isInstanceOf(MoneyRefused.NotChargeable.class)
                .extracting(refused -> ((MoneyRefused) refused).problem()).isEqualTo("amount-not-chargeable");
    }

    @Test
    void refusesUnknownCurrenciesWithoutRepeatingThem() {
        assertThatThrownBy(() -> MoneyText.parse("1.00", "<b>")).isInstanceOf(MoneyRefused.UnknownCurrency.class)
                .hasMessageNotContaining("<b>");
    }
}
