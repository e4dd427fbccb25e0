package io.coachpay.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.ledger.CoachBalance;
import io.coachpay.stripe.StripeBalance;

/** The amount that can be paid out. */
class PayoutEligibilityTest {

    @ParameterizedTest
    @CsvSource({ "USD 100.00, USD 0.00,   USD 100.00, USD 100.00", "USD 100.00, USD 50.00,  USD 100.00, USD 100.00",
            "USD 100.00, USD -30.00, USD 100.00, USD 70.00", "USD 100.00, USD 0.00,   USD 60.00,  USD 60.00",
            "USD -20.00, USD 90.00,  USD 60.00,  USD -20.00", "HUF 10450.45, HUF 0.00, HUF 10450.45, HUF 10450.00",
            "TWD 800.99, TWD 0.00, TWD 900.00, TWD 800.00", "KWD 1.548, KWD 0.000, KWD 1.548, KWD 1.540",
            "JPY 77, JPY 0, JPY 77, JPY 77" })
    void paysWhatBothBooksHaveInWholeUnits(String available, String pending, String atStripe, String payable) {
        StripeBalance stripes = new StripeBalance(List.of(Money.parse(atStripe)), List.of(), List.of(), List.of());

        assertThat(standing(available, pending).payable(stripes)).isEqualTo(Money.parse(payable));
    }

    @Test
    void paysNothingInACurrencyThatStripeHasNothingIn() {
        StripeBalance stripes = new StripeBalance(List.of(Money.parse("EUR 100.00")), List.of(), List.of(), List.of());

        assertThat(standing("USD 100.00", "USD 0.00").payable(stripes)).isEqualTo(Money.zero(CurrencyUnit.USD));
    }

    @Test
    void paysInstantlyWhatStripeAdvances() {
        StripeBalance stripes = new StripeBalance(List.of(), List.of(), List.of(Money.parse("USD 80.00")), List.of());

        assertThat(PayoutSpeed.instantIfPossible(Money.parse("USD 80.00"), stripes)).isEqualTo(PayoutSpeed.INSTANT);
        assertThat(PayoutSpeed.instantIfPossible(Money.parse("USD 80.01"), stripes))
                .isEqualTo(new PayoutSpeed("standard", "not_instantly_available"));
        assertThat(PayoutSpeed.instantIfPossible(Money.parse("EUR 1.00"), stripes))
                .isEqualTo(new PayoutSpeed("standard", "destination_not_eligible"));
    }

    @ParameterizedTest
    @CsvSource({ "USD 300.00, USD 0.00,   USD 100.00, USD 0.00,   USD 200.00",
            "USD 100.00, USD 50.00, USD 100.00, USD 50.00, USD 0.00",
            "USD 100.00, USD 50.00, USD 0.00, USD 80.00, USD 70.00", "USD 100.00, USD 0.00, USD 50.00, USD -50.00, USD 50.00",
            "USD -40.00, USD 100.00, USD 0.00, USD 100.00, USD -40.00" })
    void paysNothingThatIsHeldNorForgetsADebtForIt(String available, String pending, String heldAvailable, String heldPending,
            String payable) {
        Money nothing = Money.zero(CurrencyUnit.USD);
        Holding.Day day = new Holding.Day(null, null, Money.parse(heldAvailable).plus(Money.parse(heldPending)),
                Money.parse(heldAvailable), Money.parse(heldPending));

        assertThat(standing(available, pending, Holding.none(Instant.EPOCH, nothing).plus(day)).payable())
                .isEqualTo(Money.parse(payable));
    }

    @Test
    void tellsOfAMonthDayByDayAndOfTheRestAtOnce() {
        Money one = Money.parse("USD 1.00");
        Holding holding = Holding.none(Instant.EPOCH, Money.zero(CurrencyUnit.USD));
        for (int i = 1; i <= 40; i++) {
            holding = holding
                    .plus(new Holding.Day(LocalDate.EPOCH.plusDays(i), Instant.EPOCH, one, one, Money.zero(CurrencyUnit.USD)));
        }

        assertThat(holding.releases()).hasSize(32);
        assertThat(holding.releases().get(30).on()).isEqualTo(LocalDate.EPOCH.plusDays(31));
        assertThat(holding.releases().get(31)).isEqualTo(new Holding.Release(null, Money.parse("USD 9.00")));
        assertThat(holding.releases().stream().map(Holding.Release::amount).reduce(Money::plus)).contains(holding.held());
    }

    private static PayoutEligibility standing(String available, String pending) {
        Money nothing = Money.zero(Money.parse(available).getCurrencyUnit());
        return standing(available, pending, Holding.none(Instant.EPOCH, nothing));
    }

    @SuppressWarnings("NullAway") // neither profile nor account says how much there is
    private static PayoutEligibility standing(String available, String pending, Holding holding) {
        Money nothing = Money.zero(Money.parse(available).getCurrencyUnit());
        return new PayoutEligibility(null, null,
                new CoachBalance(Money.parse(pending), Money.parse(available), nothing, nothing),
                holding, Money.zero(holding.held().getCurrencyUnit()), false, false);
    }
}
