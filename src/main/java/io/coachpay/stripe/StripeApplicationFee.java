package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The platform's part of a payment, see <a href="https://docs.stripe.com/api/application_fees/object">docs.stripe.com</a>.
 *
 * @param accountId the connected account it was taken from
 * @param chargeId the charge there, and {@code originatingChargeId} the platform's that made it
 * @param refunds those that Stripe sent along, newest first
 * @param refundsWhole whether these are all; otherwise list them
 */
public record StripeApplicationFee(String id, Money amount, Money amountRefunded, @Nullable String accountId,
        @Nullable String chargeId, @Nullable String originatingChargeId, @Nullable String balanceTransactionId,
        List<FeeRefund> refunds, boolean refundsWhole, Instant created) {

    public static final String OBJECT = "application_fee";

    /** A part of the fee given back, see <a href="https://docs.stripe.com/api/fee_refunds/object">docs.stripe.com</a>. */
    public record FeeRefund(String id, Money amount, @Nullable String feeId, @Nullable String balanceTransactionId,
            Map<String, String> metadata, Instant created) implements StripeTagged {

        public static final String OBJECT = "fee_refund";

        /** Reads Stripe's JSON of an application fee's refund. */
        public static FeeRefund from(JsonNode json) {
            StripeFields fields = StripeFields.of(json, OBJECT);
            return new FeeRefund(fields.required("id"), fields.requiredMoney("amount"), fields.reference("fee"),
                    fields.reference("balance_transaction"), fields.metadata(), fields.created());
        }
    }

    /** Reads Stripe's JSON of an application fee. */
    public static StripeApplicationFee from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        Money amount = fields.requiredMoney("amount");
        String originating = fields.reference("originating_transaction");
        return new StripeApplicationFee(fields.required("id"), amount, fields.moneyOrZero("amount_refunded", amount),
                fields.reference("account"), fields.reference("charge"),
                originating == null ? fields.at("fee_source").reference("charge") : originating,
                fields.reference("balance_transaction"), fields.data("refunds").stream().map(FeeRefund::from).toList(),
                fields.isWhole("refunds"), fields.created());
    }
}
