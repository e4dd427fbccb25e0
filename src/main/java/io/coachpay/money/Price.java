package io.coachpay.money;

import java.math.BigDecimal;
import java.math.MathContext;

import org.joda.money.Money;

/** The price of a session. */
public final class Price {

    private static final BigDecimal MINUTES_PER_HOUR = BigDecimal.valueOf(60);

    private Price() {
    }

    /**
     * Hourly rate × minutes ÷ 60, rounded half up to Stripe's charge unit: 100.00 an hour for 75 minutes is 125.00.
     * {@link StripeCurrency#requireChargeable} checks Stripe's limits, this does not.
     */
    public static Money of(Money hourlyRate, int minutes) {
        if (hourlyRate.isNegative()) {
            throw new MoneyRefused.NegativeAmount();
        }
        if (minutes <= 0) {
            throw new IllegalArgumentException("A session takes some minutes, not " + minutes);
        }
        StripeCurrency currency = StripeCurrencies.of(hourlyRate.getCurrencyUnit());
        BigDecimal exact = hourlyRate.getAmount().multiply(BigDecimal.valueOf(minutes));
        return currency.roundToChargeUnit(exact.divide(MINUTES_PER_HOUR, MathContext.DECIMAL128));
    }
}
