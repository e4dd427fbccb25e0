package io.coachpay.payout;

import java.math.BigDecimal;
import java.math.RoundingMode;

import org.joda.money.Money;

import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * Stripe's charge to the platform for an instant payout: a share of its amount, at least about half a dollar. Stripe's own
 * minimum differs by currency (verify); the platform bears the difference.
 *
 * @param percentage hundredths of the amount
 * @see <a href="https://docs.stripe.com/payouts/instant-payouts">Stripe: instant payouts</a>
 */
record InstantFee(BigDecimal percentage) {

    private static final BigDecimal HUNDRED = new BigDecimal(100);
    private static final BigDecimal TWO = new BigDecimal(2);

    /** The fee for paying out an amount; half a unit is rounded up. */
    Money of(Money amount) {
        StripeCurrency currency = StripeCurrencies.of(amount.getCurrencyUnit());
        Money share = currency.roundToChargeUnit(amount.getAmount().multiply(percentage).divide(HUNDRED));
        Money least = least(currency);
        return share.isLessThan(least) ? least : share;
    }

    /** The largest amount that can be paid out of a sum together with its fee; zero where the fee exceeds the sum. */
    Money mostOf(Money all) {
        StripeCurrency currency = StripeCurrencies.of(all.getCurrencyUnit());
        BigDecimal share = all.getAmount().multiply(HUNDRED).divide(percentage.add(HUNDRED), all.getScale(),
                RoundingMode.FLOOR);
        Money byShare = Money.of(all.getCurrencyUnit(), share);
        Money byLeast = all.minus(least(currency));
        Money most = currency.floorToPayoutUnit(byShare.isLessThan(byLeast) ? byShare : byLeast);
        // Where the fee is rounded down one unit more fits, and where it is rounded up one less.
        Money more = most.plus(currency.payoutUnit());
        if (!more.plus(of(more)).isGreaterThan(all)) {
            most = more;
        } else if (most.plus(of(most)).isGreaterThan(all)) {
            most = most.minus(currency.payoutUnit());
        }
        return most.isNegative() ? Money.zero(all.getCurrencyUnit()) : most;
    }

    private static Money least(StripeCurrency currency) {
        return currency.roundToChargeUnit(currency.aboutADollar().getAmount().divide(TWO));
    }
}
