package io.coachpay.sandbox;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Stripe's units of amounts, which differ from ISO 4217 in places.
 *
 * @see <a href="https://docs.stripe.com/currencies">Stripe: supported currencies</a>
 */
final class Currencies {

    private static final Set<String> KNOWN = Currency.getAvailableCurrencies().stream()
            .map(currency -> currency.getCurrencyCode().toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> WHOLE = Set.of("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd",
            "vuv", "xaf", "xof", "xpf");
    private static final Set<String> THOUSANDTHS = Set.of("bhd", "jod", "kwd", "omr", "tnd");
    /** Written with two decimals for compatibility, but the decimals are always 00. */
    private static final Set<String> WHOLE_IN_HUNDREDTHS = Set.of("isk", "ugx");
    private static final Set<String> WHOLE_PAYOUTS = Set.of("huf", "twd");
    private static final Map<String, Long> MINIMUM = Map.ofEntries(Map.entry("usd", 50L), Map.entry("aed", 200L),
            Map.entry("aud", 50L), Map.entry("bgn", 100L), Map.entry("brl", 50L), Map.entry("cad", 50L), Map.entry("chf", 50L),
            Map.entry("czk", 1500L), Map.entry("dkk", 250L), Map.entry("eur", 50L), Map.entry("gbp", 30L),
            Map.entry("hkd", 400L), Map.entry("huf", 17500L), Map.entry("inr", 50L), Map.entry("jpy", 50L),
            Map.entry("mxn", 1000L), Map.entry("myr", 200L), Map.entry("nok", 300L), Map.entry("nzd", 50L),
            Map.entry("pln", 200L), Map.entry("ron", 200L), Map.entry("sek", 300L), Map.entry("sgd", 50L),
            Map.entry("thb", 1000L), Map.entry("kwd", 160L), Map.entry("bhd", 190L), Map.entry("jod", 360L),
            Map.entry("omr", 200L), Map.entry("tnd", 1600L), Map.entry("krw", 700L), Map.entry("clp", 500L));
    private static final long MAXIMUM = 99_999_999L;
    private static final Set<String> LARGER_MAXIMUM = Set.of("cop", "huf", "idr", "jpy", "lbp", "inr");

    private Currencies() {
    }

    static boolean known(String currency) {
        return KNOWN.contains(currency);
    }

    static boolean whole(String currency) {
        return WHOLE.contains(currency);
    }

    static boolean thousandths(String currency) {
        return THOUSANDTHS.contains(currency);
    }

    /** The step in which cards can be charged, in minor units: 10 fils of a dinar, 100 of a króna that has no decimals. */
    static long unit(String currency) {
        if (THOUSANDTHS.contains(currency)) {
            return 10;
        }
        return WHOLE_IN_HUNDREDTHS.contains(currency) ? 100 : 1;
    }

    /** The step of payouts, which for forints and Taiwan dollars is coarser than that of charges. */
    static long payoutUnit(String currency) {
        return WHOLE_PAYOUTS.contains(currency) ? 100 : unit(currency);
    }

    /** The least that a card can be charged. */
    static long minimum(String currency) {
        return MINIMUM.getOrDefault(currency, 1L);
    }

    /** Minor units as a decimal: 2107 in USD is 21.07, in JPY 2107, in KWD 2.107. */
    static String decimal(long amount, String currency) {
        int digits = WHOLE.contains(currency) ? 0 : THOUSANDTHS.contains(currency) ? 3 : 2;
        return BigDecimal.valueOf(amount, digits).toPlainString();
    }

    /** Refuses what Stripe would not charge: nothing, too little, too much, or digits the currency does not have. */
    static void checkChargeable(long amount, String currency, String param) {
        if (amount < 1) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", param);
        }
        if (amount % unit(currency) != 0) {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid amount " + amount + " for "
                    + currency.toUpperCase(Locale.ROOT) + ": it must be divisible by " + unit(currency) + ".", param);
        }
        long minimum = minimum(currency);
        if (amount < minimum) {
            throw StripeError.invalid("amount_too_small", "Amount must be at least " + decimal(minimum, currency) + " "
                    + currency + ".", param);
        }
        long maximum = LARGER_MAXIMUM.contains(currency) ? 9_999_999_999L : MAXIMUM;
        if (amount > maximum) {
            throw StripeError.invalid("amount_too_large", "Amount must be no more than " + decimal(maximum, currency) + " "
                    + currency + ".", param);
        }
    }
}
