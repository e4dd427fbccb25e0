package io.coachpay.money;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;

import org.joda.money.Money;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;

class MoneyPropertiesTest {

    @Property
    void splitsMakeUpThePriceAndNeverLeaveTheUnit(@ForAll("charges") Money price,
            @ForAll @BigRange(min = "0", max = "100") @Scale(2) BigDecimal percentage) {
        Split split = Split.of(price, percentage);
        StripeCurrency currency = StripeCurrencies.of(price.getCurrencyUnit());

        assertThat(split.fee().plus(split.payout())).isEqualTo(price);
        assertThat(split.fee().isNegative()).isFalse();
        assertThat(split.payout().isNegative()).isFalse();
        assertThat(currency.isOnChargeUnit(split.fee())).isTrue();
        assertThat(currency.isOnChargeUnit(split.payout())).isTrue();
    }

    @Property
    void feesAreWithinHalfAUnitOfTheExactOne(@ForAll("charges") Money price,
            @ForAll @BigRange(min = "0", max = "100") @Scale(2) BigDecimal percentage) {
        BigDecimal exact = price.getAmount().multiply(percentage).movePointLeft(2);
        BigDecimal unit = StripeCurrencies.of(price.getCurrencyUnit()).chargeUnit().getAmount();

        BigDecimal error = Split.of(price, percentage).fee().getAmount().subtract(exact).abs();

        assertThat(error.multiply(BigDecimal.valueOf(2))).isLessThanOrEqualTo(unit);
    }

    @Property
    void chargesSurviveTheWayToStripeAndBack(@ForAll("charges") Money charge) {
        String code = StripeAmounts.code(charge.getCurrencyUnit());

        assertThat(StripeAmounts.fromStripe(StripeAmounts.toStripe(charge), code)).isEqualTo(charge);
        assertThat(MoneyText.parse(MoneyText.format(charge), charge.getCurrencyUnit().getCode())).isEqualTo(charge);
    }

    @Property
    void higherFeesAndPricesNeverFall(@ForAll("charges") Money price, @ForAll @IntRange(max = 99) int percentage,
            @ForAll @LongRange(max = 1000) long more) {
        Money unit = StripeCurrencies.of(price.getCurrencyUnit()).chargeUnit();
        Money higher = price.plus(unit.multipliedBy(more));
        BigDecimal share = BigDecimal.valueOf(percentage);

        assertThat(Split.of(higher, share).fee()).isGreaterThanOrEqualTo(Split.of(price, share).fee());
        assertThat(Split.of(price, share.add(BigDecimal.ONE)).fee()).isGreaterThanOrEqualTo(Split.of(price, share).fee());
    }

    @Property
    void longerSessionsNeverCostLessAndAnHourCostsTheRate(@ForAll("charges") Money rate,
            @ForAll @IntRange(min = 1, max = 480) int minutes) {
        Money price = Price.of(rate, minutes);

        assertThat(Price.of(rate, minutes + 1)).isGreaterThanOrEqualTo(price);
        assertThat(Price.of(rate, 60)).isEqualTo(rate);
        assertThat(StripeCurrencies.of(rate.getCurrencyUnit()).isOnChargeUnit(price)).isTrue();
    }

    @Property
    void refundsInPartsReturnTheWholeFee(@ForAll("charges") Money price, @ForAll @IntRange(max = 100) int percentage,
            @ForAll @IntRange(min = 1, max = 99) int firstPart, @ForAll @IntRange(min = 1, max = 99) int secondPart) {
        Split split = Split.of(price, BigDecimal.valueOf(percentage));
        Money none = Money.zero(price.getCurrencyUnit());

        Money first = Share.percent(price, BigDecimal.valueOf(firstPart));
        Money second = Share.percent(price.minus(first), BigDecimal.valueOf(secondPart));
        Money feeOfFirst = split.feeRefund(first, none, none);
        Money feeOfSecond = split.feeRefund(second, first, feeOfFirst);
        Money both = feeOfFirst.plus(feeOfSecond);
        Money feeOfRest = split.feeRefund(price.minus(first).minus(second), first.plus(second), both);

        assertThat(both.plus(feeOfRest)).isEqualTo(split.fee());
        assertThat(feeOfRest.isNegative()).isFalse();
    }

    @Property
    void payoutsNeverExceedWhatIsAvailable(@ForAll("charges") Money available) {
        StripeCurrency currency = StripeCurrencies.of(available.getCurrencyUnit());

        Money payable = currency.floorToPayoutUnit(available);

        assertThat(payable).isLessThanOrEqualTo(available);
        assertThat(available.minus(payable)).isLessThan(currency.payoutUnit());
        assertThat(StripeAmounts.toStripePayout(payable)).isNotNegative();
    }

    @Provide
    Arbitrary<Money> charges() {
        return Arbitraries.of(StripeCurrencies.known()).flatMap(currency -> {
            long most = currency.maximumCharge().dividedBy(currency.chargeUnit().getAmount(), RoundingMode.FLOOR).getAmount()
                    .longValue();
            return Arbitraries.longs().between(1, Math.min(most, 99_999_999)).map(currency.chargeUnit()::multipliedBy);
        });
    }
}
