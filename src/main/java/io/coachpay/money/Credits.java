package io.coachpay.money;

import java.math.BigDecimal;
import java.math.RoundingMode;

import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/**
 * A number of credits, with six digits. A credit is worth 1.00 of {@link #CURRENCY}, and they are sold in no other.
 *
 * @param amount signed, with exactly six digits
 */
public record Credits(BigDecimal amount) implements Comparable<Credits> {

    /** The currency that credits are bought in and pay for. */
    public static final CurrencyUnit CURRENCY = CurrencyUnit.USD;
    /** Digits after the point. */
    public static final int DIGITS = 6;
    public static final Credits NONE = of(BigDecimal.ZERO);

    /** @throws ArithmeticException for more than six digits */
    public Credits {
        amount = amount.setScale(DIGITS, RoundingMode.UNNECESSARY);
    }

    /** @throws ArithmeticException for more than six digits */
    public static Credits of(BigDecimal amount) {
        return new Credits(amount);
    }

    /**
     * The credits that are worth this much.
     *
     * @throws IllegalArgumentException for another currency
     */
    public static Credits of(Money worth) {
        if (!worth.getCurrencyUnit().equals(CURRENCY)) {
            throw new IllegalArgumentException("Credits are worth " + CURRENCY + ", not " + worth.getCurrencyUnit());
        }
        return new Credits(worth.getAmount());
    }

    /** The part of these credits that {@code part} is of {@code whole}, rounded half up; all of them at most. */
    public Credits share(Money part, Money whole) {
        BigDecimal least = part.isGreaterThan(whole) ? whole.getAmount() : part.getAmount();
        return new Credits(amount.multiply(least).divide(whole.getAmount(), DIGITS, RoundingMode.HALF_UP));
    }

    /** So many percent of these credits, rounded half up. */
    public Credits percent(BigDecimal percentage) {
        return new Credits(amount.multiply(percentage).movePointLeft(2).setScale(DIGITS, RoundingMode.HALF_UP));
    }

    public Credits plus(Credits other) {
        return new Credits(amount.add(other.amount));
    }

    public Credits minus(Credits other) {
        return new Credits(amount.subtract(other.amount));
    }

    public Credits negated() {
        return new Credits(amount.negate());
    }

    /** The lesser of the two. */
    public Credits min(Credits other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public boolean isZero() {
        return amount.signum() == 0;
    }

    public boolean isPositive() {
        return amount.signum() > 0;
    }

    public boolean isNegative() {
        return amount.signum() < 0;
    }

    /** Their worth, with all digits. */
    public BigMoney worth() {
        return BigMoney.of(CURRENCY, amount);
    }

    @Override
    public int compareTo(Credits other) {
        return amount.compareTo(other.amount);
    }

    /** As the API writes it: {@code 33.000000}. */
    @Override
    public String toString() {
        return amount.toPlainString();
    }
}
