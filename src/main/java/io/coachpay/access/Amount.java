package io.coachpay.access;

import java.math.BigDecimal;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.joda.money.Money;

import io.coachpay.money.StripeCurrencies;

/**
 * An amount of money in the two columns {@code amount} and {@code currency} of a row.
 *
 * @param amount in the currency's major unit, padded with zeros by the database
 * @param currency ISO 4217's code in upper case
 */
@Embeddable
public record Amount(BigDecimal amount, @Column(columnDefinition = "bpchar(3)") @JdbcTypeCode(SqlTypes.CHAR) String currency) {

    /** An amount about to be written. */
    public static Amount of(Money money) {
        return new Amount(money.getAmount(), money.getCurrencyUnit().getCode());
    }

    /** The amount to count with. */
    public Money money() {
        return inCurrency(amount);
    }

    /** The amount in another column of the row, in the same currency. */
    public Money inCurrency(BigDecimal column) {
        return StripeCurrencies.of(currency).of(column);
    }
}
