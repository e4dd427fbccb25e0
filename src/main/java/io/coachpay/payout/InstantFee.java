package io.coachpay.payout;

import java.math.BigDecimal;
import java.math.RoundingMode;

import org.joda.money.Money;

import io.coachpay.money.StripeCurrencies;
import io.coachpay.money.StripeCurrency;

/**
 * What Stripe charges the platform for an instant payout: a share of its amount, at least about half a dollar. Stripe's own
 * least fee differs by currency (verify); what it charges more or less than this is the platform's.
 *
 * @param percentage hundredths of the amount
 * @see <a href="https://docs.stripe.com/payouts/instant-payouts">Stripe: instant payouts</a>
 */
record InstantFee(BigDecimal percentage) {

    private static final BigDecimal HUNDRED = new BigDecimal(100);
    private static final BigDecimal TWO = new BigDecimal(2);

    /** The fee for paying out so much; half a unit is rounded up. */
    Money of(Money amount) {
        StripeCurrency currency = StripeCurrencies.of(amount.getCurrencyUnit());
        Money share = currency.roundToChargeUnit(amount.getAmount().multiply(percentage).divide(HUNDRED));
        Money least = least(currency);
        return share.isLessThan(least) ? least : share;
    }

    /** The most that can be paid out of so much, the fee being paid of it too; nothing where the fee is more than all. */
    Money mostOf(Money all) {
        StripeCurrency currency = StripeCurrencies.of(all.getCurrencyUnit());
        BigDecimal share = all.getAmount().multiply(HUNDRED).divide(percentage.add(HUNDRED), all.getScale(),
                RoundingMode.FLOOR);
        Money byShare = Money.of(all.getCurrencyUnit(), share);
        Money byLeast = all.minus(least(currency));
        Money most = currency.floorToPayoutUnit(byShare.isLessThan(byLeast) ? byShare : byLeast);
        // Where the fee is rounded down there is room for one unit more, and where it is rounded up for one less.
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
