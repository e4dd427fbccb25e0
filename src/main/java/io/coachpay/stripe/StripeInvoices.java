package io.coachpay.stripe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Invoices, what pays them, and what is taken back of them, see
 * <a href="https://docs.stripe.com/api/invoices">docs.stripe.com/api/invoices</a>.
 */
@ApplicationScoped
public class StripeInvoices {

    private static final String PATH = "/v1/invoices";

    private static final String CREDIT_NOTES = "/v1/credit_notes";

    private final StripeCalls calls;

    StripeInvoices(StripeCalls calls) {
        this.calls = calls;
    }

    /** Reads an invoice with all of its lines. */
    public StripeInvoice retrieve(String invoiceId) {
        return StripeInvoice.from(json(calls, invoiceId));
    }

    /** Reads an invoice with all of its lines; what it carries itself is the first page of them. */
    static JsonNode json(StripeCalls calls, String invoiceId) {
        String operation = "invoices.retrieve";
        JsonNode invoice = calls.get(operation, path(operation, invoiceId), new StripeForm(), null);
        if (invoice.path("lines").path("has_more").asBoolean(false) && invoice.path("lines") instanceof ObjectNode lines) {
            List<JsonNode> all = calls.all("invoices.lines", path(operation, invoiceId) + "/lines", StripeForm::new,
                    line -> line);
            ArrayNode data = lines.putArray("data");
            all.forEach(data::add);
            lines.put("has_more", false);
        }
        return invoice;
    }

    /**
     * The listing of an invoice's payments, each with its PaymentIntent and its invoice.
     *
     * @param id of the invoice, {@code in_…}, or of the PaymentIntent, {@code pi_…}
     */
    static JsonNode payments(StripeCalls calls, String id) {
        StripeForm query = new StripeForm();
        if (id.startsWith("in_")) {
            query.put("invoice", id);
        } else {
            query.put("payment[type]", "payment_intent").put("payment[payment_intent]", id);
        }
        query.put("limit", 100).put("expand[]", "data.payment.payment_intent.latest_charge").put("expand[]", "data.invoice");
        return calls.get("invoice_payments.list", "/v1/invoice_payments", query, null);
    }

    /**
     * The payments of an invoice, each with its PaymentIntent and the invoice.
     *
     * @param id of the invoice, {@code in_…}, or of the PaymentIntent, {@code pi_…}
     */
    public List<StripeInvoicePayment> payments(String id) {
        return StripeInvoicePayment.list(payments(calls, id));
    }

    /**
     * Pays an open invoice with this method. A declined card is {@link StripeRefused.CardDeclined}, a question of its bank
     * {@link StripeRefused.AuthenticationRequired}; {@link StripeRefused.UnexpectedState} means that it is not open any more.
     */
    public void pay(String invoiceId, String paymentMethodId, String idempotencyKey) {
        String operation = "invoices.pay";
        StripeForm form = new StripeForm().put("payment_method", paymentMethodId);
        act(operation, path(operation, invoiceId) + "/pay", form, idempotencyKey);
    }

    /**
     * Voids an open invoice: nobody can pay it any more. {@link StripeRefused.UnexpectedState} means that it is not open, or is
     * being paid.
     */
    public void voidOpen(String invoiceId, String idempotencyKey) {
        String operation = "invoices.void";
        act(operation, path(operation, invoiceId) + "/void", new StripeForm(), idempotencyKey);
    }

    private void act(String operation, String path, StripeForm form, String idempotencyKey) {
        try {
            calls.post(operation, path, form, idempotencyKey, null);
        } catch (StripeRefused.InvalidRequest refused) {
            // Stripe has no code for an invoice that is paid or void by now.
            throw refused.parameter() == null ? new StripeRefused.UnexpectedState(refused.reason(), null) : refused;
        }
    }

    /** The client secret with which a browser pays an open invoice, or answers the bank; null where nothing is to be paid. */
    public @Nullable String clientSecret(String invoiceId) {
        String operation = "invoices.retrieve";
        StripeForm query = new StripeForm().put("expand[]", "confirmation_secret");
        StripeFields invoice = StripeFields.of(calls.get(operation, path(operation, invoiceId), query, null),
                StripeInvoice.OBJECT);
        boolean payable = Set.of("open", "uncollectible").contains(invoice.text("status", ""));
        return payable ? invoice.at("confirmation_secret").text("client_secret") : null;
    }

    /**
     * Works out the invoice of a change of price as of that moment; nothing is stored.
     *
     * @param endsTrial whether a trial ends with the change, so that the first period begins now and is billed whole
     */
    public StripeInvoicePreview preview(String subscriptionId, String itemId, String priceId, Instant prorationDate,
            boolean endsTrial) {
        StripeForm form = new StripeForm().put("subscription", subscriptionId)
                .put("subscription_details[items][0][id]", itemId)
                .put("subscription_details[items][0][price]", priceId)
                .put("subscription_details[proration_behavior]", "always_invoice")
                .put("subscription_details[proration_date]", prorationDate)
                .put("subscription_details[trial_end]", endsTrial ? "now" : null);
        return StripeInvoicePreview.from(calls.postAnew("invoices.create_preview", PATH + "/create_preview", form), endsTrial);
    }

    /**
     * A credit note of our row, for a refund that Stripe has.
     *
     * @param amount what went back
     * @param reason {@code duplicate}, {@code fraudulent}, {@code order_change} or {@code product_unsatisfactory}; null for
     *        none
     */
    public record NewCreditNote(UUID coachpayId, String invoiceId, String refundId, Money amount, @Nullable String reason) {
    }

    /** Explains a refund of a paid invoice. */
    public StripeCreditNote credit(NewCreditNote note, String idempotencyKey) {
        StripeForm form = new StripeForm().put("invoice", note.invoiceId()).putAmount("amount", note.amount())
                .put("refunds[0][refund]", note.refundId()).putAmount("refunds[0][amount_refunded]", note.amount())
                .put("reason", note.reason()).putMetadata("metadata", note.coachpayId(), Map.of());
        return StripeCreditNote.from(calls.post("credit_notes.create", CREDIT_NOTES, form, idempotencyKey, null));
    }

    /** All credit notes of an invoice, newest first; ours carry their row's id. */
    public List<StripeCreditNote> creditNotes(String invoiceId) {
        return calls.all("credit_notes.list", CREDIT_NOTES, () -> new StripeForm().put("invoice", invoiceId),
                StripeCreditNote::from);
    }

    private static String path(String operation, String invoiceId) {
        return PATH + "/" + StripeCalls.id(operation, invoiceId);
    }
}
