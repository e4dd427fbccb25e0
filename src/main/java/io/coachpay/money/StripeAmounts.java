package io.coachpay.money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The one place that converts money to Stripe's whole numbers and lower-case codes, and back. See
 * <a href="https://docs.stripe.com/currencies#minor-units">docs.stripe.com/currencies</a>.
 */
public final class StripeAmounts {

    private StripeAmounts() {
    }

    /**
     * The number to send for a charge, fee, transfer or refund.
     *
     * @throws MoneyRefused.NegativeAmount for less than zero
     * @throws MoneyRefused.OffUnit for what Stripe would refuse for its digits
     * @throws MoneyRefused.TooLarge for more than Stripe's numbers hold
     * @throws MoneyRefused.UnknownCurrency if Stripe does not charge in it
     */
    public static long toStripe(Money amount) {
        StripeCurrency currency = StripeCurrencies.of(amount.getCurrencyUnit());
        return minor(currency, currency.requireOnChargeUnit(amount));
    }

    /** The number to send for a payout, whose steps are coarser in some currencies; refuses like {@link #toStripe}. */
    public static long toStripePayout(Money amount) {
        StripeCurrency currency = StripeCurrencies.of(amount.getCurrencyUnit());
        return minor(currency, currency.requireOnPayoutUnit(amount));
    }

    /** The code to send: Stripe writes currencies in lower case. */
    public static String code(CurrencyUnit unit) {
        return StripeCurrencies.of(unit).code().toLowerCase(Locale.ROOT);
    }

    /** The currency Stripe means by this code, in whichever case. */
    public static StripeCurrency currency(@Nullable String code) {
        return StripeCurrencies.of(code == null ? null : code.toUpperCase(Locale.ROOT));
    }

    /**
     * The money Stripe means. Accepts any sign and any digits, since balances fall and Stripe's own fees need not be chargeable
     * amounts.
     *
     * @throws MoneyRefused.UnknownCurrency for a code that is not in Stripe's table
     * @throws MoneyRefused.NotStripeAmount for a fraction of a currency that has none
     */
    public static Money fromStripe(long minor, @Nullable String code) {
        StripeCurrency currency = currency(code);
        BigDecimal amount = BigDecimal.valueOf(minor, currency.wireDigits());
        if (amount.stripTrailingZeros().scale() > currency.digits()) {
            throw new MoneyRefused.NotStripeAmount(minor, currency.code());
        }
        return Money.of(currency.unit(), amount.setScale(currency.digits(), RoundingMode.UNNECESSARY));
    }

    private static long minor(StripeCurrency currency, Money amount) {
        if (amount.isNegative()) {
            throw new MoneyRefused.NegativeAmount();
        }
        BigDecimal minor = amount.getAmount().movePointRight(currency.wireDigits());
        if (minor.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new MoneyRefused.TooLarge(amount, currency.maximumCharge());
        }
        return minor.longValueExact();
    }
}
