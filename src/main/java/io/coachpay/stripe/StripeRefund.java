package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Money on its way back to a payer, see <a href="https://docs.stripe.com/api/refunds/object">docs.stripe.com</a>.
 *
 * @param balanceTransactionId null while no money has moved
 * @param failureBalanceTransactionId the line of the return after a failure
 * @param pendingReason such as {@code insufficient_funds}: the platform's balance has to be filled first; null unless it is
 *        pending
 * @param transferReversalId the reversal made for it; only the transfer has its amount
 */
public record StripeRefund(String id, Status status, Money amount, @Nullable String chargeId,
        @Nullable String paymentIntentId, @Nullable String balanceTransactionId,
        @Nullable String failureBalanceTransactionId, @Nullable String failureReason, @Nullable String pendingReason,
        @Nullable String transferReversalId,
        @Nullable String reason, Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "refund";

    /** The state of the refund; even a succeeded one may fail later. */
    public enum Status {
        PENDING,
        REQUIRES_ACTION,
        SUCCEEDED,
        FAILED,
        CANCELED,
        /** A status that a newer API version added. */
        UNKNOWN;

        private static Status of(String text) {
            return switch (text) {
                case "pending" -> PENDING;
                case "requires_action" -> REQUIRES_ACTION;
                case "succeeded" -> SUCCEEDED;
                case "failed" -> FAILED;
                case "canceled" -> CANCELED;
                default -> UNKNOWN;
            };
        }
    }

    /** The newest refunds of a charge that was fetched with them. */
    public static List<StripeRefund> of(JsonNode charge) {
        return StripeFields.of(charge, StripeCharge.OBJECT).data("refunds").stream().map(StripeRefund::from).toList();
    }

    /** Reads Stripe's JSON of a refund; one without a status, as in old versions, has succeeded. */
    public static StripeRefund from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        return new StripeRefund(fields.required("id"), Status.of(fields.text("status", "succeeded")),
                fields.requiredMoney("amount"), fields.reference("charge"), fields.reference("payment_intent"),
                fields.reference("balance_transaction"), fields.reference("failure_balance_transaction"),
                fields.text("failure_reason"), fields.text("pending_reason"), fields.reference("transfer_reversal"),
                fields.text("reason"),
                fields.metadata(), fields.created());
    }
}
