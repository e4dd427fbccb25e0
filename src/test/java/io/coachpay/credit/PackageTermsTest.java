package io.coachpay.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.money.Credits;
import io.coachpay.money.MoneyRefused;

class PackageTermsTest {

    @ParameterizedTest
    @CsvSource({ "USD 30.00, 30", "USD 30.00, 33.000001", "USD 0.50, 0.5" })
    void sellsForNoMoreThanTheCreditsAreWorth(String price, String credits) {
        PackageTerms terms = terms(price, credits);

        assertThat(terms.price()).isEqualTo(Money.parse(price));
        assertThat(terms.credits()).isEqualTo(Credits.of(new BigDecimal(credits)));
    }

    @Test
    void refusesFewerCreditsThanThePriceIsWorth() {
        assertThatThrownBy(() -> terms("USD 30.00", "29.999999")).isInstanceOf(PackageRefused.CreditsBelowPrice.class)
                .hasMessageContaining("29.999999").hasMessageContaining("USD 30.00");
    }

    @Test
    void refusesAnotherCurrency() {
        assertThatThrownBy(() -> terms("EUR 30.00", "33")).isInstanceOf(PackageRefused.OtherCurrency.class)
                .hasMessageContaining("USD").hasMessageContaining("EUR");
    }

    @Test
    void refusesWhatStripeDoesNotCharge() {
        assertThatThrownBy(() -> terms("USD 0.49", "33")).isInstanceOf(MoneyRefused.TooSmall.class);
        assertThatThrownBy(() -> terms("USD 1000000.00", "33")).isInstanceOf(MoneyRefused.TooLarge.class);
    }

    private static PackageTerms terms(String price, String credits) {
        return new PackageTerms("Pro", null, Money.parse(price), Credits.of(new BigDecimal(credits)), true, 0);
    }
}
