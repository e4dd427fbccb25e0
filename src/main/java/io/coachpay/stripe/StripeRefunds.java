package io.coachpay.stripe;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** Money going back to payers, see <a href="https://docs.stripe.com/api/refunds">docs.stripe.com/api/refunds</a>. */
@ApplicationScoped
public class StripeRefunds {

    private static final String PATH = "/v1/refunds";

    private static final String FEES = "/v1/application_fees/";

    private final StripeCalls calls;

    StripeRefunds(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * A refund of our row.
     *
     * @param amount what goes back, null for all that is left
     * @param shared whether the connected account and the platform give their parts back; true exactly for payments with a
     *        destination, since otherwise the platform alone would pay
     * @param reason {@code duplicate}, {@code fraudulent} or {@code requested_by_customer}, null for none of them
     */
    public record NewRefund(UUID coachpayId, String paymentIntentId, @Nullable Money amount, boolean shared,
            @Nullable String reason) {
    }

    /** Refunds a payment, or a part of it. */
    public StripeRefund create(NewRefund refund, String idempotencyKey) {
        StripeForm form = new StripeForm().put("payment_intent", refund.paymentIntentId())
                .putAmount("amount", refund.amount()).put("reason", refund.reason());
        if (refund.shared()) {
            form.put("reverse_transfer", true).put("refund_application_fee", true);
        }
        form.putMetadata("metadata", refund.coachpayId(), Map.of());
        return StripeRefund.from(calls.post("refunds.create", PATH, form, idempotencyKey, null));
    }

    /** Reads a refund. */
    public StripeRefund retrieve(String refundId) {
        String operation = "refunds.retrieve";
        String path = PATH + "/" + StripeCalls.id(operation, refundId);
        return StripeRefund.from(calls.get(operation, path, new StripeForm(), null));
    }

    /** All refunds of a payment, newest first; ours among them are known by their row's id. */
    public List<StripeRefund> list(String paymentIntentId) {
        return calls.all("refunds.list", PATH, () -> new StripeForm().put("payment_intent", paymentIntentId),
                StripeRefund::from);
    }

    /** Reads the platform's part of a payment. */
    public StripeApplicationFee retrieveFee(String feeId) {
        String operation = "application_fees.retrieve";
        String path = FEES + StripeCalls.id(operation, feeId);
        return StripeApplicationFee.from(calls.get(operation, path, new StripeForm(), null));
    }

    /** All that went back of the platform's part, newest first. */
    public List<StripeApplicationFee.FeeRefund> listFeeRefunds(String feeId) {
        String operation = "fee_refunds.list";
        String path = FEES + StripeCalls.id(operation, feeId) + "/refunds";
        return calls.all(operation, path, StripeForm::new, StripeApplicationFee.FeeRefund::from);
    }
}
