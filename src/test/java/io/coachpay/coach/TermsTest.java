package io.coachpay.coach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.http.InvalidField;
import io.coachpay.money.MoneyRefused;

class TermsTest {

    @Test
    void takesUsualValuesForWhatIsLeftOut() {
        Terms terms = Terms.of(" Careers ", Money.parse("USD 100.00"), null, null, null);

        assertThat(terms.headline()).isEqualTo("Careers");
        assertThat(terms.timeZone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(terms.payoutSchedule()).isEqualTo(PayoutSchedule.INSTANT);
        assertThat(terms.minimumPayout()).isEqualTo(Money.parse("USD 100.00"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "USD 0.50", "USD 41666.66", "JPY 50", "KWD 100.000", "KWD 0.300" })
    void takesRatesThatStripeCharges(String rate) {
        assertThat(Terms.of(null, Money.parse(rate), null, null, null).hourlyRate()).isEqualTo(Money.parse(rate));
    }

    @ParameterizedTest
    @ValueSource(strings = { "USD 0.49", "USD 0.00", "JPY 49", "KWD 0.290" })
    void refusesRatesThatStripeDoesNotCharge(String rate) {
        assertThatThrownBy(() -> Terms.of(null, Money.parse(rate), null, null, null))
                .isInstanceOf(MoneyRefused.NotChargeable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = { "USD 41666.67", "USD 999999.99", "JPY 99999999" })
    void refusesRatesOfWhichADayCannotBeCharged(String rate) {
        assertThatThrownBy(() -> Terms.of(null, Money.parse(rate), null, null, null)).isInstanceOf(InvalidField.class)
                .hasMessageContaining("hourlyRate.amount");
    }

    @ParameterizedTest
    @ValueSource(strings = { "Mars/Olympus", "", "+02:00", "europe/berlin", "GMT+25", "../etc" })
    void refusesZonesThatAreNoPlaces(String zone) {
        assertThatThrownBy(() -> Terms.of(null, Money.parse("USD 100.00"), zone, null, null))
                .isInstanceOf(InvalidField.class).hasMessageContaining("timeZone");
    }

    @ParameterizedTest
    @CsvSource({ "USD 20.00, USD 100.00", "JPY 2000, JPY 10000", "KWD 10.000, KWD 30.000", "HUF 9000.00, HUF 40000.00",
            "IDR 300000.00, IDR 1500000.00" })
    void usuallyPaysOutWhatIsWorthAboutAHundredDollars(String rate, String minimum) {
        assertThat(Terms.of(null, Money.parse(rate), null, null, null).minimumPayout()).isEqualTo(Money.parse(minimum));
    }

    @Test
    void refusesAMinimumInAnotherCurrency() {
        assertThatThrownBy(() -> Terms.of(null, Money.parse("USD 100.00"), null, null, Money.parse("EUR 10.00")))
                .isInstanceOf(InvalidField.class).hasMessageContaining("minimumPayout.currency");
    }
}
