package io.coachpay.payment;

import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.HoldsSecret;

/**
 * A payment as its payer sees it, with the payer's next action.
 *
 * @param status ours; {@code processing} also while Stripe has it and its outcome has not reached us
 * @param checkoutUrl Stripe's payment page, while it is open
 * @param clientSecret for Stripe's form in the browser
 * @param nextAction the payer's next action, such as confirming with the bank
 */
@Schema(name = "Payment")
public record PaymentView(UUID transactionId, String status, @Nullable String checkoutUrl, @Nullable String clientSecret,
        @Nullable NextAction nextAction) implements HoldsSecret {

    /** An action of the payer, and its address. */
    public record NextAction(String type, @Nullable String url) {
    }

    /** The status that a payer sees: {@code processing} once Stripe has the payment, since the payer's part is done. */
    static String status(Transaction transaction, boolean atStripe) {
        PaymentStatus ours = transaction.status();
        return (atStripe && ours == PaymentStatus.PENDING ? PaymentStatus.PROCESSING : ours).column();
    }

    static PaymentView of(Transaction transaction) {
        return new PaymentView(transaction.id(), transaction.status().column(), null, null, null);
    }

    @Override
    public PaymentView withoutSecrets() {
        return new PaymentView(transactionId, status, null, null, null);
    }

    @Override
    public String toString() {
        return "Payment[" + transactionId + ", " + status + "]";
    }
}
