package io.coachpay.money;

import java.math.BigDecimal;
import java.math.RoundingMode;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/**
 * One row of Stripe's currency table, see <a href="https://docs.stripe.com/currencies">docs.stripe.com/currencies</a>.
 * <p>
 * Two counts of digits meet here and are not always equal. {@link #digits()} is how the API, the database and Joda-Money write
 * the currency, after ISO 4217. {@link #wireDigits()} is how Stripe's whole numbers are counted. They differ for three
 * currencies: Stripe counts ISK and UGX in hundredths although neither has any (5 ISK is sent as 500), and MGA in whole units
 * although it is written with two digits (5.00 MGA is sent as 5). So 5.50 ISK is badly written, while 5.50 MGA is well written
 * but cannot be charged.
 *
 * @param unit the currency
 * @param wireDigits decimal digits in Stripe's whole numbers: 0, 2 or 3
 * @param chargeUnit charges, fees and refunds are a multiple of it
 * @param payoutUnit payouts are a multiple of it
 * @param minimumPayout the smallest payout, see <a href="https://docs.stripe.com/payouts">docs.stripe.com/payouts</a>
 * @param minimumCharge the smallest charge; where Stripe publishes none, about a dollar, which is above the least charge of any
 *        settlement currency
 * @param maximumCharge the largest charge that every payment method takes; cards alone would allow more
 * @param aboutADollar roughly the worth of a US dollar, for usual values; no rate to convert with
 */
public record StripeCurrency(CurrencyUnit unit, int wireDigits, Money chargeUnit, Money payoutUnit, Money minimumPayout,
        Money minimumCharge, Money maximumCharge, Money aboutADollar) {

    /** ISO 4217's code in upper case. */
    public String code() {
        return unit.getCode();
    }

    /** Digits after the point wherever people and programs write the amount. */
    public int digits() {
        return unit.getDecimalPlaces();
    }

    /** Whether Stripe takes this amount as a charge, fee or refund, limits apart. */
    public boolean isOnChargeUnit(Money amount) {
        return isMultiple(amount, chargeUnit);
    }

    /** Refuses an amount that is not a whole multiple of the charge unit. */
    public Money requireOnChargeUnit(Money amount) {
        if (!isOnChargeUnit(amount)) {
            throw new MoneyRefused.OffUnit(amount, chargeUnit);
        }
        return amount;
    }

    /** Refuses an amount that Stripe would not charge: off the unit, too little, too much. */
    public Money requireChargeable(Money amount) {
        requireOnChargeUnit(amount);
        if (amount.isLessThan(minimumCharge)) {
            throw new MoneyRefused.TooSmall(amount, minimumCharge);
        }
        if (amount.isGreaterThan(maximumCharge)) {
            throw new MoneyRefused.TooLarge(amount, maximumCharge);
        }
        return amount;
    }

    /** Refuses an amount that is not a whole multiple of the payout unit. */
    public Money requireOnPayoutUnit(Money amount) {
        if (!isMultiple(amount, payoutUnit)) {
            throw new MoneyRefused.OffUnit(amount, payoutUnit);
        }
        return amount;
    }

    /** The nearest chargeable amount; half a unit is rounded away from zero. The only rounding of prices and fees. */
    public Money roundToChargeUnit(BigDecimal amount) {
        return multipleOf(chargeUnit, amount, RoundingMode.HALF_UP);
    }

    /** The largest payout within this amount. */
    public Money floorToPayoutUnit(Money amount) {
        return multipleOf(payoutUnit, amount.getAmount(), RoundingMode.FLOOR);
    }

    private Money multipleOf(Money step, BigDecimal amount, RoundingMode rounding) {
        BigDecimal count = amount.divide(step.getAmount(), 0, rounding);
        return Money.of(unit, count.multiply(step.getAmount()));
    }

    private boolean isMultiple(Money amount, Money step) {
        if (!amount.getCurrencyUnit().equals(unit)) {
            throw new IllegalArgumentException("An amount in " + amount.getCurrencyUnit() + " is not judged by " + unit);
        }
        return amount.getAmount().remainder(step.getAmount()).signum() == 0;
    }

    /**
     * An amount from a database column, which pads the currency's digits with zeros.
     *
     * @throws ArithmeticException when there is more than zeros: then it is not an amount of this currency
     */
    public Money of(BigDecimal column) {
        return Money.of(unit, column, RoundingMode.UNNECESSARY);
    }
}
