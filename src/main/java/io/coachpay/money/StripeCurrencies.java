package io.coachpay.money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's currency table as published at <a href="https://docs.stripe.com/currencies">docs.stripe.com/currencies</a>. The
 * JDK's and Joda's data differ from it and must not be used instead.
 */
public final class StripeCurrencies {

    private static final List<String> ZERO_DECIMAL = words(
            "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF");

    /** Charged with the last of three digits at zero. */
    private static final List<String> THREE_DECIMAL = words("BHD JOD KWD OMR TND");

    /** Sent with two digits that must both be zero, because they once had some. */
    private static final List<String> WHOLE_IN_HUNDREDTHS = words("ISK UGX");

    /** Charged in hundredths but paid out whole. */
    private static final List<String> PAID_OUT_WHOLE = words("HUF TWD");

    private static final List<String> TWO_DECIMAL = words("""
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK
            DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK
            LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
            QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU UZS WST XCD
            XCG YER ZAR ZMW""");

    private static final Map<String, BigDecimal> MINIMUM_CHARGES = minimums("""
            USD 0.50, AED 2.00, ARS 0.50, AUD 0.50, BRL 0.50, CAD 0.50, CHF 0.50, COP 0.50, CZK 15.00, DKK 2.50, EUR 0.50,
            GBP 0.30, HKD 4.00, HUF 175.00, IDR 0.50, ILS 0.50, INR 0.50, JPY 50, KRW 50, MXN 10.00, MYR 2.00, NOK 3.00,
            NZD 0.50, PHP 0.50, PLN 2.00, RON 2.00, RUB 0.50, SEK 3.00, SGD 0.50, THB 10.00, ZAR 0.50""");

    /**
     * About a US dollar in each currency, rounded so that it stays between three quarters and two dollars for some years
     * (verify every few). No rate to convert with, but enough to tell little money from much.
     */
    private static final Map<String, BigDecimal> ABOUT_A_DOLLAR = minimums("""
            BIF 3000, CLP 1000, DJF 180, GNF 9000, JPY 100, KMF 450, KRW 1000, MGA 5000, PYG 8000, RWF 1500, VND 25000,
            VUV 120, XAF 600, XOF 600, XPF 110, BHD 0.400, JOD 0.700, KWD 0.300, OMR 0.400, TND 3.000, ISK 100, UGX 4000,
            HUF 400, TWD 30, AED 4, AFN 70, ALL 100, AMD 400, AOA 1000, ARS 1500, AUD 1.50, AWG 2, AZN 2, BAM 2, BBD 2,
            BDT 120, BMD 1, BND 1.50, BOB 10, BRL 5, BSD 1, BWP 15, BYN 3, BZD 2, CAD 1.50, CDF 3000, CHF 1, CNY 7,
            COP 4000, CRC 500, CVE 100, CZK 25, DKK 7, DOP 60, DZD 150, EGP 50, ETB 150, EUR 1, FJD 2, FKP 1, GBP 1,
            GEL 3, GIP 1, GMD 70, GTQ 8, GYD 200, HKD 8, HNL 25, HTG 130, IDR 15000, ILS 4, INR 100, JMD 150, KES 130,
            KGS 90, KHR 4000, KYD 1, KZT 500, LAK 20000, LBP 90000, LKR 300, LRD 200, LSL 20, MAD 10, MDL 20, MKD 60,
            MMK 3000, MNT 3500, MOP 8, MUR 50, MVR 15, MWK 2000, MXN 20, MYR 4, MZN 60, NAD 20, NGN 1500, NIO 40, NOK 10,
            NPR 150, NZD 1.50, PAB 1, PEN 4, PGK 4, PHP 60, PKR 300, PLN 4, QAR 4, RON 5, RSD 100, RUB 100, SAR 4, SBD 8,
            SCR 15, SEK 10, SGD 1.50, SHP 1, SLE 25, SOS 600, SRD 40, STD 25000, SZL 20, THB 35, TJS 10, TOP 2.50, TRY 50,
            TTD 7, TZS 2500, UAH 40, USD 1, UYU 40, UZS 12000, WST 3, XCD 3, XCG 2, YER 500, ZAR 20, ZMW 25""");

    /**
     * The smallest payouts where they are more than one of the currency. The list is for payouts abroad, see
     * <a href="https://docs.stripe.com/connect/cross-border-payouts/special-requirements">docs.stripe.com</a>: at home Stripe
     * may take less, and an amount that was too small goes with the next payout.
     */
    private static final Map<String, BigDecimal> MINIMUM_PAYOUTS = minimums("""
            ALL 3000, AMD 12100, AOA 23000, ARS 4600, AZN 50, BAM 50, BDT 20, BOB 200, BTN 2500, CLP 23000, COP 140000,
            KHR 123000, MXN 10, PHP 20""");

    /** Digits that Stripe's whole number may have; cards alone take twelve, other methods no more than these. */
    private static final Map<String, Integer> AMOUNT_DIGITS = Map.of("IDR", 12, "COP", 10, "INR", 9);

    private static final int USUAL_AMOUNT_DIGITS = 8;

    private static final Map<String, StripeCurrency> BY_CODE = table();

    private StripeCurrencies() {
    }

    /** Every currency Stripe charges in, by code. */
    public static Collection<StripeCurrency> known() {
        return BY_CODE.values();
    }

    /**
     * The currency with this upper-case code.
     *
     * @throws MoneyRefused.UnknownCurrency if Stripe does not charge in it, or the code is missing or not upper case
     */
    public static StripeCurrency of(@Nullable String code) {
        StripeCurrency found = code == null ? null : BY_CODE.get(code);
        if (found == null) {
            throw new MoneyRefused.UnknownCurrency();
        }
        return found;
    }

    /** The currency of this amount's kind, see {@link #of(String)}. */
    public static StripeCurrency of(CurrencyUnit unit) {
        return of(unit.getCode());
    }

    private static Map<String, StripeCurrency> table() {
        Map<String, StripeCurrency> table = new TreeMap<>();
        ZERO_DECIMAL.forEach(code -> table.put(code, row(code, 0, "1")));
        TWO_DECIMAL.forEach(code -> table.put(code, row(code, 2, "0.01")));
        WHOLE_IN_HUNDREDTHS.forEach(code -> table.put(code, row(code, 2, "1")));
        THREE_DECIMAL.forEach(code -> table.put(code, row(code, 3, "0.010")));
        return Collections.unmodifiableMap(table);
    }

    private static StripeCurrency row(String code, int wireDigits, String step) {
        CurrencyUnit unit = CurrencyUnit.of(code);
        Money chargeUnit = Money.of(unit, new BigDecimal(step));
        Money payoutUnit = PAID_OUT_WHOLE.contains(code) ? Money.of(unit, BigDecimal.ONE) : chargeUnit;
        Money aboutADollar = Money.of(unit, ABOUT_A_DOLLAR.get(code));
        // Where Stripe publishes none, the least charge of the settlement currency applies: 0.50 USD, so a dollar will do.
        Money minimum = Money.of(unit, MINIMUM_CHARGES.getOrDefault(code, aboutADollar.getAmount()));
        Money minimumPayout = Money.of(unit, MINIMUM_PAYOUTS.getOrDefault(code, BigDecimal.ONE));
        return new StripeCurrency(unit, wireDigits, chargeUnit, payoutUnit, minimumPayout, minimum,
                maximum(wireDigits, chargeUnit), aboutADollar);
    }

    private static Money maximum(int wireDigits, Money chargeUnit) {
        int digits = AMOUNT_DIGITS.getOrDefault(chargeUnit.getCurrencyUnit().getCode(), USUAL_AMOUNT_DIGITS);
        BigDecimal nines = BigDecimal.TEN.pow(digits).subtract(BigDecimal.ONE).movePointLeft(wireDigits);
        BigDecimal steps = nines.divide(chargeUnit.getAmount(), 0, RoundingMode.FLOOR);
        return Money.of(chargeUnit.getCurrencyUnit(), steps.multiply(chargeUnit.getAmount()));
    }

    private static Map<String, BigDecimal> minimums(String list) {
        return Arrays.stream(list.split(",")).map(StripeCurrencies::words)
                .collect(Collectors.toUnmodifiableMap(pair -> pair.get(0), pair -> new BigDecimal(pair.get(1))));
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
