package io.coachpay.money;

import java.math.BigDecimal;
import java.math.MathContext;

import org.joda.money.Money;

/** A part of an amount, rounded half up to Stripe's charge unit. */
public final class Share {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private Share() {
    }

    /** Amount × percentage ÷ 100. The percentage lies between 0 and 100. */
    public static Money percent(Money amount, BigDecimal percentage) {
        if (percentage.signum() < 0 || percentage.compareTo(HUNDRED) > 0) {
            throw new IllegalArgumentException("A percentage lies between 0 and 100, not at " + percentage);
        }
        StripeCurrency currency = StripeCurrencies.of(amount.getCurrencyUnit());
        return currency.roundToChargeUnit(amount.getAmount().multiply(percentage).divide(HUNDRED));
    }

    /** Amount × part ÷ whole: the share that a part of a payment carries, such as the fee on a partial refund. */
    public static Money of(Money amount, Money part, Money whole) {
        if (!whole.isPositive() || part.isNegative() || part.isGreaterThan(whole)) {
            throw new IllegalArgumentException(part + " is not a part of " + whole);
        }
        if (!amount.isSameCurrency(whole)) {
            throw new IllegalArgumentException("A share of " + amount + " is not measured in " + whole.getCurrencyUnit());
        }
        StripeCurrency currency = StripeCurrencies.of(amount.getCurrencyUnit());
        BigDecimal exact = amount.getAmount().multiply(part.getAmount());
        return currency.roundToChargeUnit(exact.divide(whole.getAmount(), MathContext.DECIMAL128));
    }
}
