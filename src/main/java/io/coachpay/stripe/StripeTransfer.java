package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Money moved to a connected account, see <a href="https://docs.stripe.com/api/transfers/object">docs.stripe.com</a>.
 *
 * @param amount gross: for a destination charge the whole price, since the fee comes back from there
 * @param destinationPaymentId the {@code py_} that the connected account's balance transactions name
 * @param sourceChargeId the charge that paid for it, null when the platform's balance did
 * @param reversals those that Stripe sent along, newest first
 * @param reversalsWhole whether these are all; otherwise list them
 */
public record StripeTransfer(String id, Money amount, Money amountReversed, boolean reversed,
        @Nullable String destinationId, @Nullable String destinationPaymentId, @Nullable String sourceChargeId,
        @Nullable String balanceTransactionId, @Nullable String transferGroup, List<Reversal> reversals,
        boolean reversalsWhole, Map<String, String> metadata, Instant created) implements StripeTagged {

    public static final String OBJECT = "transfer";

    /**
     * Money taken back from a connected account, see
     * <a href="https://docs.stripe.com/api/transfer_reversals/object">docs.stripe.com</a>.
     *
     * @param amount gross
     * @param destinationPaymentRefundId the {@code pyr_} that the connected account's balance transactions name
     * @param sourceRefundId the refund that caused it, null for one made on its own
     */
    public record Reversal(String id, Money amount, @Nullable String transferId, @Nullable String balanceTransactionId,
            @Nullable String destinationPaymentRefundId, @Nullable String sourceRefundId, Map<String, String> metadata,
            Instant created) implements StripeTagged {

        public static final String OBJECT = "transfer_reversal";

        /** Reads Stripe's JSON of a transfer reversal. */
        public static Reversal from(JsonNode json) {
            StripeFields fields = StripeFields.of(json, OBJECT);
            return new Reversal(fields.required("id"), fields.requiredMoney("amount"), fields.reference("transfer"),
                    fields.reference("balance_transaction"), fields.reference("destination_payment_refund"),
                    fields.reference("source_refund"), fields.metadata(), fields.created());
        }
    }

    /** Reads Stripe's JSON of a transfer. */
    public static StripeTransfer from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        Money amount = fields.requiredMoney("amount");
        return new StripeTransfer(fields.required("id"), amount, fields.moneyOrZero("amount_reversed", amount),
                fields.flag("reversed"), fields.reference("destination"), fields.reference("destination_payment"),
                fields.reference("source_transaction"), fields.reference("balance_transaction"),
                fields.text("transfer_group"), fields.data("reversals").stream().map(Reversal::from).toList(),
                fields.isWhole("reversals"), fields.metadata(), fields.created());
    }
}
