package io.coachpay.stripe;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.access.Ids;

/**
 * A bill, see <a href="https://docs.stripe.com/api/invoices/object">docs.stripe.com</a>. Amounts are Stripe's, in its currency.
 *
 * @param status in Stripe's words, such as {@code uncollectible}
 * @param customerId null where Stripe names an account of its newer kind instead, which is never ours
 * @param subscriptionId the subscription that is billed; null for an invoice made by hand
 * @param subscriptionRow our id of that subscription; null for one that others made
 * @param reason why it was made, such as {@code subscription_cycle}
 * @param total with tax; negative where something is given back
 * @param tax all taxes together, also those that prices contain
 * @param amountPaid also what was paid outside Stripe
 * @param paidOutside what was paid outside Stripe
 * @param nextAttempt when Stripe charges next; null when it will not by itself
 * @param addressNeeded whether tax cannot be calculated without the customer's address
 * @param failure why it could not be finalized; null while nothing is wrong
 * @param lines those that came along, in Stripe's order
 * @param whole whether that is all of them
 */
public record StripeInvoice(String id, String status, @Nullable String customerId, @Nullable String subscriptionId,
        @Nullable UUID subscriptionRow,
        @Nullable String number, @Nullable String reason, Money subtotal, Money tax, Money total, Money amountDue,
        Money amountPaid, Money amountRemaining, Money paidOutside, Money startingBalance, @Nullable Money endingBalance,
        int attemptCount, @Nullable Instant nextAttempt, @Nullable Instant periodStart, @Nullable Instant periodEnd,
        @Nullable Instant dueDate, @Nullable Instant finalizedAt, @Nullable Instant paidAt, boolean addressNeeded,
        @Nullable Failure failure, @Nullable String url, @Nullable String pdf, List<Line> lines, boolean whole,
        Instant created) {

    public static final String OBJECT = "invoice";

    /** The reason why Stripe could not finalize it; the message is Stripe's. */
    public record Failure(@Nullable String code, @Nullable String message) {
    }

    /**
     * A line of an invoice, see <a href="https://docs.stripe.com/api/invoice-line-item">docs.stripe.com</a>.
     *
     * @param amount negative where it gives something back
     * @param proration whether it is for a part of a period
     */
    public record Line(String id, @Nullable String description, Money amount, @Nullable Integer quantity,
            @Nullable Instant periodStart, @Nullable Instant periodEnd, boolean proration, @Nullable String priceId) {

        /** Reads Stripe's JSON of a line. */
        static Line from(JsonNode json) {
            StripeFields fields = new StripeFields(json);
            StripeFields period = fields.at("period");
            StripeFields price = fields.at("pricing").at("price_details");
            return new Line(fields.required("id"), fields.text("description"), fields.requiredMoney("amount"),
                    fields.number("quantity"), period.instant("start"), period.instant("end"), isProration(fields),
                    price.isPresent() ? price.reference("price") : fields.reference("price"));
        }

        /** Before 2025-03-31 the line had the flag itself. */
        private static boolean isProration(StripeFields fields) {
            StripeFields parent = fields.at("parent");
            return fields.flag("proration") || parent.at("subscription_item_details").flag("proration")
                    || parent.at("invoice_item_details").flag("proration");
        }
    }

    /** Reads Stripe's JSON of an invoice, from an answer, an event or a listing; a preview has no id and is not one. */
    public static StripeInvoice from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        Money total = fields.requiredMoney("total");
        StripeFields times = fields.at("status_transitions");
        return new StripeInvoice(fields.required("id"), fields.text("status", "draft"), fields.reference("customer"),
                subscriptionId(fields), subscriptionRow(fields), fields.text("number"), fields.text("billing_reason"),
                fields.moneyOrZero("subtotal", total), tax(fields, total), total, fields.moneyOrZero("amount_due", total),
                fields.moneyOrZero("amount_paid", total), fields.moneyOrZero("amount_remaining", total),
                fields.moneyOrZero("amount_paid_off_stripe", total), fields.moneyOrZero("starting_balance", total),
                fields.money("ending_balance"), attempts(fields), fields.instant("next_payment_attempt"),
                fields.instant("period_start"), fields.instant("period_end"), fields.instant("due_date"),
                times.instant("finalized_at"), times.instant("paid_at"),
                "requires_location_inputs".equals(fields.at("automatic_tax").text("status")), failure(fields),
                fields.text("hosted_invoice_url"), fields.text("invoice_pdf"),
                fields.data("lines").stream().map(Line::from).toList(), fields.isWhole("lines"),
                fields.created());
    }

    /** Before 2025-03-31 the invoice had the subscription itself. */
    private static @Nullable String subscriptionId(StripeFields fields) {
        String parents = fields.at("parent").at("subscription_details").reference("subscription");
        return parents == null ? fields.reference("subscription") : parents;
    }

    private static @Nullable UUID subscriptionRow(StripeFields fields) {
        return Ids.find(fields.at("parent").at("subscription_details").metadata().get(StripeForm.COACHPAY_ID)).orElse(null);
    }

    private static Money tax(StripeFields fields, Money total) {
        List<Money> taxes = new ArrayList<>();
        fields.json().path("total_taxes").forEach(tax -> taxes.add(new StripeFields(tax).moneyOrZero("amount", total)));
        return taxes.isEmpty() ? fields.moneyOrZero("tax", total) : Money.total(taxes);
    }

    private static int attempts(StripeFields fields) {
        Integer count = fields.number("attempt_count");
        return count == null ? 0 : count;
    }

    private static @Nullable Failure failure(StripeFields fields) {
        StripeFields error = fields.at("last_finalization_error");
        return error.isPresent() ? new Failure(error.text("code"), error.text("message")) : null;
    }

    @Override
    public String toString() {
        return "StripeInvoice[" + id + ", " + status + ", " + total + "]";
    }
}
