package io.coachpay.money;

import java.math.BigDecimal;
import java.math.MathContext;

import org.joda.money.Money;

/** What a session costs. */
public final class Price {

    private static final BigDecimal MINUTES_PER_HOUR = BigDecimal.valueOf(60);

    private Price() {
    }

    /**
     * Hourly rate × minutes ÷ 60, rounded half up to what Stripe charges in. Stripe's limits are not checked here, see
     * {@link StripeCurrency#requireChargeable}.
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
