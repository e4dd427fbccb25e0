package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Money on its way from an account to its owner's bank, see
 * <a href="https://docs.stripe.com/api/payouts/object">docs.stripe.com</a>.
 *
 * @param amount what leaves the account; negative when Stripe takes money from the bank to cover a debt
 * @param instant whether it arrives within minutes, for a fee
 * @param automatic whether Stripe's schedule made it, and not we
 * @param arrivalDate when Stripe expects it at the bank
 * @param failureCode why the bank returned it, such as {@code account_closed}, null unless it failed
 * @param balanceTransactionId the line of the debit
 * @param failureBalanceTransactionId the line of the return after a failure or a cancelation
 */
public record StripePayout(String id, Money amount, Status status, boolean instant, boolean automatic, Instant arrivalDate,
        @Nullable String failureCode, @Nullable String failureMessage, @Nullable String balanceTransactionId,
        @Nullable String failureBalanceTransactionId, Map<String, String> metadata,
        Instant created) implements StripeTagged {

    public static final String OBJECT = "payout";

    /** The state of the payout; even a paid one may fail later. */
    public enum Status {
        PENDING,
        IN_TRANSIT,
        PAID,
        FAILED,
        CANCELED,
        /** A status that a newer API version added. */
        UNKNOWN;

        private static Status of(String text) {
            return switch (text) {
                case "pending" -> PENDING;
                case "in_transit" -> IN_TRANSIT;
                case "paid" -> PAID;
                case "failed" -> FAILED;
                case "canceled" -> CANCELED;
                default -> UNKNOWN;
            };
        }
    }

    /** Reads Stripe's JSON of a payout. */
    public static StripePayout from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        Instant arrival = fields.instant("arrival_date");
        return new StripePayout(fields.required("id"), fields.requiredMoney("amount"),
                Status.of(fields.text("status", "")), "instant".equals(fields.text("method")), fields.flag("automatic"),
                arrival == null ? fields.created() : arrival, fields.text("failure_code"), fields.text("failure_message"),
                fields.reference("balance_transaction"), fields.reference("failure_balance_transaction"),
                fields.metadata(), fields.created());
    }
}
