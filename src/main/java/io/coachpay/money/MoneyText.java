package io.coachpay.money;

import java.math.BigDecimal;
import java.util.regex.Pattern;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Money as the API writes it: a decimal string with exactly the currency's digits, beside the currency's upper-case code. An
 * amount has one spelling, so that equal amounts are equal strings.
 */
public final class MoneyText {

    /** Far above any charge, far below what the database's {@code numeric(19,4)} holds. */
    static final int MAX_WHOLE_DIGITS = 12;

    private static final Pattern NUMBER = Pattern.compile("(0|[1-9][0-9]{0," + (MAX_WHOLE_DIGITS - 1) + "})(\\.[0-9]{1,4})?");

    private MoneyText() {
    }

    /**
     * Reads an amount from a request. Zero is money; the caller decides whether it makes sense.
     *
     * @throws MoneyRefused.Malformed for anything but the one spelling (400)
     * @throws MoneyRefused.OffUnit for well written money off Stripe's charge unit (422)
     */
    public static Money parse(@Nullable String amount, @Nullable String currency) {
        StripeCurrency known = StripeCurrencies.of(currency);
        BigDecimal number = number(amount);
        if (number.scale() != known.digits()) {
            throw new MoneyRefused.WrongDigits(known);
        }
        return known.requireOnChargeUnit(Money.of(known.unit(), number));
    }

    /** The amount's digits without the currency, as {@link #parse} reads them back. */
    public static String format(Money amount) {
        return amount.getAmount().toPlainString();
    }

    private static BigDecimal number(@Nullable String amount) {
        if (amount == null) {
            throw new MoneyRefused.MalformedAmount();
        }
        if (NUMBER.matcher(amount).matches()) {
            return new BigDecimal(amount);
        }
        if (amount.startsWith("-") && NUMBER.matcher(amount.substring(1)).matches()) {
            throw new MoneyRefused.NegativeAmount();
        }
        throw new MoneyRefused.MalformedAmount();
    }
}
