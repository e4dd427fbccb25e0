package io.coachpay.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StripeCurrenciesTest {

    /** Currencies that Joda, after ISO 4217, and Stripe's numbers count differently; a person must look at a new difference. */
    private static final Map<String, Integer> WRITTEN_DIGITS_THAT_DIFFER = Map.of("ISK", 0, "UGX", 0, "MGA", 2);

    static Stream<StripeCurrency> everyCurrency() {
        return StripeCurrencies.known().stream();
    }

    @Test
    void knowsEveryCurrencyOnce() {
        assertThat(StripeCurrencies.known()).extracting(StripeCurrency::code).doesNotHaveDuplicates().isSorted().hasSize(138);
    }

    @Test
    void countsTheDigitsAsStripeDoes() {
        assertThat(codesWithWireDigits(0)).containsExactlyInAnyOrder("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
                "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");
        assertThat(codesWithWireDigits(3)).containsExactlyInAnyOrder("BHD", "JOD", "KWD", "OMR", "TND");
    }

    @ParameterizedTest
    @MethodSource("everyCurrency")
    void writesAsManyDigitsAsStripeCountsButForThree(StripeCurrency currency) {
        int expected = WRITTEN_DIGITS_THAT_DIFFER.getOrDefault(currency.code(), currency.wireDigits());

        assertThat(currency.digits()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("everyCurrency")
    void carriesEveryLimitToStripeAndBack(StripeCurrency currency) {
        for (Money money : List.of(currency.chargeUnit(), currency.minimumCharge(), currency.maximumCharge())) {
            long minor = StripeAmounts.toStripe(money);

            assertThat(StripeAmounts.fromStripe(minor, StripeAmounts.code(currency.unit()))).isEqualTo(money);
            assertThat(MoneyText.parse(MoneyText.format(money), currency.code())).isEqualTo(money);
        }
    }

    /** A currency without a published least charge has that of the settlement currency: 0.50 USD. */
    @ParameterizedTest
    @MethodSource("everyCurrency")
    void takesNoChargeUnitForALeastCharge(StripeCurrency currency) {
        assertThat(currency.minimumCharge()).isGreaterThan(currency.chargeUnit());
        assertThat(currency.isOnChargeUnit(currency.aboutADollar())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("everyCurrency")
    void keepsUnitsAndLimitsInOrder(StripeCurrency currency) {
        assertThat(currency.chargeUnit().isPositive()).isTrue();
        assertThat(currency.isOnChargeUnit(currency.payoutUnit())).isTrue();
        assertThat(currency.isOnChargeUnit(currency.minimumCharge())).isTrue();
        assertThat(currency.isOnChargeUnit(currency.maximumCharge())).isTrue();
        assertThat(currency.minimumCharge()).isLessThan(currency.maximumCharge());
    }

    @ParameterizedTest
    @CsvSource({ "USD,0.01,0.50,999999.99", "JPY,1,50,99999999", "KWD,0.010,0.300,99999.990", "ISK,1,100,999999",
            "UGX,1,4000,999999", "MGA,1.00,5000.00,99999999.00", "HUF,0.01,175.00,999999.99", "IDR,0.01,0.50,9999999999.99",
            "COP,0.01,0.50,99999999.99", "INR,0.01,0.50,9999999.99" })
    void holdsStripesUnitsAndLimits(String code, String unit, String minimum, String maximum) {
        StripeCurrency currency = StripeCurrencies.of(code);

        assertThat(currency.chargeUnit()).isEqualTo(money(code, unit));
        assertThat(currency.minimumCharge()).isEqualTo(money(code, minimum));
        assertThat(currency.maximumCharge()).isEqualTo(money(code, maximum));
    }

    @ParameterizedTest
    @CsvSource({ "USD,148.37,148.37", "HUF,10.45,10.00", "TWD,800.45,800.00", "KWD,1.548,1.540", "JPY,77,77",
            "HUF,-10.45,-11.00" })
    void roundsPayoutsDown(String code, String available, String payable) {
        Money floor = StripeCurrencies.of(code).floorToPayoutUnit(money(code, available));

        assertThat(floor).isEqualTo(money(code, payable));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = { "", "usd", "US", "USDT", "XAU", "DEM", "XXX", "VES", "€", " USD" })
    void refusesCurrenciesStripeDoesNotCharge(String code) {
        assertThatThrownBy(() -> StripeCurrencies.of(code)).isInstanceOf(MoneyRefused.UnknownCurrency.class);
    }

    @Test
    void refusesWhatStripeDoesNotCharge() {
        StripeCurrency kwd = StripeCurrencies.of("KWD");
        StripeCurrency usd = StripeCurrencies.of("USD");

        assertThatThrownBy(() -> kwd.requireChargeable(money("KWD", "5.005"))).isInstanceOf(MoneyRefused.OffUnit.class)
                .hasMessageContaining("KWD 0.010");
        assertThatThrownBy(() -> usd.requireChargeable(money("USD", "0.49"))).isInstanceOf(MoneyRefused.TooSmall.class);
        assertThatThrownBy(() -> usd.requireChargeable(money("USD", "1000000.00")))
                .isInstanceOf(MoneyRefused.TooLarge.class);
        assertThat(usd.requireChargeable(money("USD", "0.50"))).isEqualTo(money("USD", "0.50"));
    }

    private static Set<String> codesWithWireDigits(int digits) {
        return everyCurrency().filter(currency -> currency.wireDigits() == digits).map(StripeCurrency::code)
                .collect(Collectors.toSet());
    }

    private static Money money(String code, String amount) {
        return Money.of(StripeCurrencies.of(code).unit(), new BigDecimal(amount));
    }
}
