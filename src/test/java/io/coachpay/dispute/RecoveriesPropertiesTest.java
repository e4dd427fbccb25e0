package io.coachpay.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

import io.coachpay.money.Share;
import io.coachpay.money.Split;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The coach's share of the disputes of one payment, however many there are. */
class RecoveriesPropertiesTest {

    private static final List<String> CURRENCIES = List.of("USD", "JPY", "KWD");

    @Property
    void takesThePayoutAndNoMoreOnceAllIsDisputed(@ForAll @IntRange(max = 2) int currency,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 100_000) Integer> disputed,
            @ForAll @IntRange(max = 100) int feePercentage) {
        StripeCurrency unit = StripeCurrencies.of(CURRENCIES.get(currency));
        Money price = unit.chargeUnit().multipliedBy(disputed.stream().mapToInt(Integer::intValue).sum());
        Split split = Split.of(price, BigDecimal.valueOf(feePercentage));
        Money none = Money.zero(unit.unit());
        Money withdrawn = none;
        Money taken = none;

        for (int units : disputed) {
            withdrawn = withdrawn.plus(unit.chargeUnit().multipliedBy(units));
            Money share = Recoveries.share(split, none, withdrawn);
            assertThat(share).isBetween(taken, split.payout());
            assertThat(unit.isOnChargeUnit(share) || share.isEqual(split.payout())).isTrue();
            taken = share;
        }

        assertThat(taken).isEqualTo(split.payout());
    }

    @Property
    void takesNothingForWhatWasRefunded(@ForAll @IntRange(min = 1, max = 1_000_000) int price,
            @ForAll @IntRange(max = 100) int refundedPercentage) {
        Split split = Split.of(Money.ofMinor(CurrencyUnit.USD, price), new BigDecimal("20"));
        Money refunded = Share.percent(split.price(), BigDecimal.valueOf(refundedPercentage));

        Money share = Recoveries.share(split, refunded, split.price());

        assertThat(share).isEqualTo(Share.of(split.payout(), split.price().minus(refunded), split.price()));
    }
}
