package io.coachpay.stripe;

import java.time.Instant;
import java.util.Map;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One attempt to take money, see <a href="https://docs.stripe.com/api/charges/object">docs.stripe.com</a>. A destination
 * payment ({@code py_}) on a connected account is one too.
 *
 * @param transferId the transfer to the connected account that this charge made, null without one
 * @param sourceTransferId on a destination payment, the transfer that made it
 * @param applicationFeeId the fee collected, null without one
 * @param balanceTransactionId null while Stripe has not booked it
 * @param card the displayable data of the card, null for other methods
 */
public record StripeCharge(String id, Status status, Money amount, Money amountCaptured, Money amountRefunded,
        @Nullable String customerId, @Nullable String paymentIntentId, @Nullable String transferId,
        @Nullable String sourceTransferId, @Nullable String transferGroup, @Nullable String applicationFeeId,
        @Nullable Money applicationFee, @Nullable String balanceTransactionId, @Nullable String destinationId,
        @Nullable String onBehalfOf, boolean refunded, boolean disputed, @Nullable String failureCode,
        @Nullable String failureMessage, @Nullable String paymentMethodId, @Nullable String paymentMethodType,
        @Nullable StripeCard card, @Nullable String email, Map<String, String> metadata,
        Instant created) implements StripeTagged {

    public static final String OBJECT = "charge";

    /** The result of the attempt. */
    public enum Status {
        SUCCEEDED,
        PENDING,
        FAILED,
        /** A status that a newer API version added. */
        UNKNOWN;

        private static Status of(StripeFields fields) {
            return switch (fields.text("status", "")) {
                case "succeeded", "paid" -> SUCCEEDED;
                case "pending" -> PENDING;
                case "failed" -> FAILED;
                default -> UNKNOWN;
            };
        }
    }

    /** Reads Stripe's JSON of a charge. */
    public static StripeCharge from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        Money amount = fields.requiredMoney("amount");
        StripeFields method = fields.at("payment_method_details");
        String destination = fields.at("transfer_data").reference("destination");
        return new StripeCharge(fields.required("id"), Status.of(fields), amount,
                fields.moneyOrZero("amount_captured", amount), fields.moneyOrZero("amount_refunded", amount),
                fields.reference("customer"), fields.reference("payment_intent"), fields.reference("transfer"),
                fields.reference("source_transfer"), fields.text("transfer_group"), fields.reference("application_fee"),
                fields.money("application_fee_amount"), fields.reference("balance_transaction"),
                destination == null ? fields.reference("destination") : destination, fields.reference("on_behalf_of"),
                fields.flag("refunded"), fields.flag("disputed") || fields.reference("dispute") != null,
                fields.text("failure_code"), fields.text("failure_message"), paymentMethodId(fields), type(fields),
                StripeCard.from(method.isPresent() ? method.at("card") : card(fields)), email(fields), fields.metadata(),
                fields.created());
    }

    private static @Nullable String paymentMethodId(StripeFields fields) {
        String id = fields.reference("payment_method");
        return id == null ? fields.reference("source") : id;
    }

    /** Before 2019 a charge had a source, which was the card itself. */
    private static @Nullable String type(StripeFields fields) {
        String type = fields.at("payment_method_details").text("type");
        return type == null ? fields.at("source").text("object") : type;
    }

    private static StripeFields card(StripeFields fields) {
        StripeFields source = fields.at("source");
        return "card".equals(source.text("object")) ? source : source.at("card");
    }

    private static @Nullable String email(StripeFields fields) {
        String email = fields.at("billing_details").text("email");
        return email == null ? fields.text("receipt_email") : email;
    }

    @Override
    public String toString() {
        return "StripeCharge[" + id + ", " + status + ", " + amount + "]";
    }
}
