package io.coachpay.sandbox;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The fees of this Stripe, and its rule for shares of amounts. All amounts are in minor units. */
final class Rates {

    private static final BigDecimal CARD = new BigDecimal("0.029");
    private static final BigDecimal CARD_WHOLE_CURRENCIES = new BigDecimal("0.036");
    private static final BigDecimal INSTANT_PAYOUT = new BigDecimal("0.01");

    /** Seconds until the funds of a charge become available. */
    static final long SETTLEMENT_SECONDS = 2 * 24 * 60 * 60;

    private Rates() {
    }

    /** 2.9 % + 0.30; currencies without decimals 3.6 %; those with three decimals 2.9 % + 0.100. */
    static long processingFee(long amount, String currency) {
        if (Currencies.whole(currency)) {
            return round(BigDecimal.valueOf(amount).multiply(CARD_WHOLE_CURRENCIES));
        }
        long fixed = Currencies.thousandths(currency) ? 100 : 30;
        return round(BigDecimal.valueOf(amount).multiply(CARD)) + fixed;
    }

    /** 15.00 of the currency for being disputed, and as much again for countering it; 1500 of those without decimals. */
    static long disputeFee(String currency) {
        return Currencies.thousandths(currency) ? 15_000 : 1_500;
    }

    /** 1 %, at least half of the currency's unit; 50 of those without decimals. */
    static long instantPayoutFee(long amount, String currency) {
        long least = Currencies.thousandths(currency) ? 500 : 50;
        return Math.max(least, round(BigDecimal.valueOf(amount).multiply(INSTANT_PAYOUT)));
    }

    /** Computes {@code whole × share / total}, rounded half up to the currency's chargeable unit. */
    static long proportional(long whole, long share, long total, String currency) {
        BigDecimal unit = BigDecimal.valueOf(Currencies.unit(currency));
        BigDecimal units = BigDecimal.valueOf(whole).multiply(BigDecimal.valueOf(share))
                .divide(BigDecimal.valueOf(total).multiply(unit), 0, RoundingMode.HALF_UP);
        return units.multiply(unit).longValueExact();
    }

    private static long round(BigDecimal amount) {
        return amount.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }
}
