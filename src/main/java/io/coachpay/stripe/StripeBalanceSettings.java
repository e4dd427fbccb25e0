package io.coachpay.stripe;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Settings that say who decides on an account's payouts, see
 * <a href="https://docs.stripe.com/api/balance-settings/object">docs.stripe.com</a>.
 *
 * @param payoutInterval {@code manual} when we decide
 * @param debitNegativeBalances whether Stripe may collect a debt from the coach's bank
 */
public record StripeBalanceSettings(@Nullable String payoutInterval, boolean debitNegativeBalances) {

    public static final String OBJECT = "balance_settings";

    /** Whether payouts are ours to decide, as they should be. */
    public boolean isManual() {
        return "manual".equals(payoutInterval) && !debitNegativeBalances;
    }

    /** Reads Stripe's JSON of balance settings. */
    public static StripeBalanceSettings from(JsonNode json) {
        StripeFields payments = new StripeFields(json).at("payments");
        return new StripeBalanceSettings(payments.at("payouts").at("schedule").text("interval"),
                payments.flag("debit_negative_balances"));
    }
}
