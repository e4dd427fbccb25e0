package io.coachpay.money;

import java.math.BigDecimal;

import org.joda.money.Money;

/**
 * A session's price, split between platform and coach. The fee is rounded and the payout is the rest, never rounded on its own,
 * so that the two always sum to the price.
 *
 * @param price what the mentee pays
 * @param fee what the platform keeps
 * @param payout what the coach gets
 */
public record Split(Money price, Money fee, Money payout) {

    public Split {
        StripeCurrency currency = StripeCurrencies.of(price.getCurrencyUnit());
        if (price.isNegative() || fee.isNegative() || payout.isNegative()) {
            throw new MoneyRefused.NegativeAmount();
        }
        if (!fee.plus(payout).isEqual(price)) {
            throw new IllegalArgumentException(fee + " and " + payout + " do not make up " + price);
        }
        currency.requireOnChargeUnit(price);
        currency.requireOnChargeUnit(fee);
    }

    /** Fee = price × percentage, rounded half up to the charge unit; payout = price − fee. */
    public static Split of(Money price, BigDecimal feePercentage) {
        Money fee = Share.percent(price, feePercentage);
        return new Split(price, fee, price.minus(fee));
    }

    /**
     * Returns the split of the rest once a part of the price went back: {@code fee − fee × refunded ÷ price}, and the coach has
     * the rest.
     *
     * @param refunded in all, at most the price
     */
    public Split left(Money refunded) {
        Money priceLeft = price.minus(refunded);
        Money feeLeft = fee.minus(Share.of(fee, refunded, price));
        return new Split(priceLeft, feeLeft, priceLeft.minus(feeLeft));
    }

    /**
     * The fee that goes back with a refund: fee × refund ÷ price, at most what is left of the fee. The last refund returns all
     * that is left, so that a price refunded in parts returns the fee exactly.
     *
     * @param refund what is refunded now
     * @param refundedBefore what was refunded earlier
     * @param feeRefundedBefore the fee that went back with that
     */
    public Money feeRefund(Money refund, Money refundedBefore, Money feeRefundedBefore) {
        Money feeLeft = fee.minus(feeRefundedBefore);
        Money refunded = refundedBefore.plus(refund);
        if (refunded.isGreaterThan(price) || feeLeft.isNegative()) {
            throw new IllegalArgumentException(refunded + " with " + feeRefundedBefore + " of fee is more than was paid");
        }
        if (refunded.isEqual(price)) {
            return feeLeft;
        }
        Money proportional = Share.of(fee, refund, price);
        return proportional.isGreaterThan(feeLeft) ? feeLeft : proportional;
    }
}
