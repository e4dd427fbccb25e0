package io.coachpay.stripe;

import java.time.Instant;
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

    private static final String FEES = "/v1/application_fees";

    private final StripeCalls calls;

    StripeRefunds(StripeCalls calls) {
        this.calls = calls;
    }

    /**
     * A refund of our row.
     *
     * @param amount what goes back, null for all that is left
     * @param reverseTransfer whether the connected account gives its part back; true exactly for payments with a destination,
     *        since otherwise the platform alone would pay
     * @param refundFee whether the platform gives its part back to that account; true exactly where it took one, since Stripe
     *        refuses to give back a fee that was not taken
     * @param reason {@code duplicate}, {@code fraudulent} or {@code requested_by_customer}, null for none of them
     */
    public record NewRefund(UUID coachpayId, String paymentIntentId, @Nullable Money amount,
            boolean reverseTransfer, boolean refundFee, @Nullable String reason) {
    }

    /** Refunds a payment, or a part of it. */
    public StripeRefund create(NewRefund refund, String idempotencyKey) {
        StripeForm form = new StripeForm().put("payment_intent", refund.paymentIntentId())
                .putAmount("amount", refund.amount()).put("reason", refund.reason());
        if (refund.reverseTransfer()) {
            form.put("reverse_transfer", true);
        }
        if (refund.refundFee()) {
            form.put("refund_application_fee", true);
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

    /** All refunds of a payment, newest first; ours carry their row's id. */
    public List<StripeRefund> list(String paymentIntentId) {
        return calls.all("refunds.list", PATH, () -> new StripeForm().put("payment_intent", paymentIntentId),
                StripeRefund::from);
    }

    /**
     * One page of all refunds, newest first.
     *
     * @param since those created at this second or later
     * @param after the last page's {@code next}, null for the first page
     * @param limit how many, 1 to 100
     */
    public StripePage<StripeRefund> page(Instant since, @Nullable String after, int limit) {
        return calls.page("refunds.list", PATH, StripeCalls.page(since, after, limit), null, StripeRefund::from);
    }

    /** Reads the platform's part of a payment. */
    public StripeApplicationFee retrieveFee(String feeId) {
        String operation = "application_fees.retrieve";
        String path = FEES + "/" + StripeCalls.id(operation, feeId);
        return StripeApplicationFee.from(calls.get(operation, path, new StripeForm(), null));
    }

    /**
     * One page of all the platform's parts of payments, newest first.
     *
     * @param since those created at this second or later
     * @param after the last page's {@code next}, null for the first page
     * @param limit how many, 1 to 100
     */
    public StripePage<StripeApplicationFee> feePage(Instant since, @Nullable String after, int limit) {
        return calls.page("application_fees.list", FEES, StripeCalls.page(since, after, limit), null,
                StripeApplicationFee::from);
    }

    /**
     * A fee refund of our row.
     *
     * @param amount in the fee's currency
     */
    public record NewFeeRefund(UUID coachpayId, String feeId, Money amount) {
    }

    /**
     * Gives the connected account a part of the platform's part, on top of what it has.
     * {@link StripeRefused.UnexpectedState} means that the fee has less left: list its refunds.
     */
    public StripeApplicationFee.FeeRefund refundFee(NewFeeRefund refund, String idempotencyKey) {
        String operation = "fee_refunds.create";
        StripeForm form = new StripeForm().putAmount("amount", refund.amount())
                .putMetadata("metadata", refund.coachpayId(), Map.of());
        try {
            return StripeApplicationFee.FeeRefund
                    .from(calls.post(operation, feeRefunds(operation, refund.feeId()), form, idempotencyKey, null));
        } catch (StripeRefused.InvalidRequest refused) {
            if (refused.blames("amount")) {
                throw new StripeRefused.UnexpectedState(refused.reason(), null);
            }
            throw refused;
        }
    }

    /** All refunds of the platform's part, newest first. */
    public List<StripeApplicationFee.FeeRefund> listFeeRefunds(String feeId) {
        String operation = "fee_refunds.list";
        return calls.all(operation, feeRefunds(operation, feeId), StripeForm::new, StripeApplicationFee.FeeRefund::from);
    }

    private static String feeRefunds(String operation, String feeId) {
        return FEES + "/" + StripeCalls.id(operation, feeId) + "/refunds";
    }
}
