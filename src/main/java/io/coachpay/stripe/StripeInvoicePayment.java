package io.coachpay.stripe;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A payment of an invoice, see <a href="https://docs.stripe.com/api/invoice-payment/object">docs.stripe.com</a>. It leads from
 * a payment to its invoice, which payments do not name any more.
 *
 * @param status {@code open}, {@code paid} or {@code canceled}
 * @param amount what it has paid; what it is to pay while it is open
 * @param type {@code payment_intent}, {@code charge}, or {@code payment_record} for money that did not come through Stripe
 * @param invoice the same as {@code invoiceId}, if Stripe was asked to send it along
 * @param paymentIntent the same as {@code paymentIntentId}, if Stripe was asked to send it along
 */
public record StripeInvoicePayment(String id, String status, Money amount, @Nullable Instant paidAt, String invoiceId,
        @Nullable StripeInvoice invoice, String type, @Nullable String paymentIntentId,
        @Nullable StripePaymentIntent paymentIntent, Instant created) {

    public static final String OBJECT = "invoice_payment";

    /** Reads a listing of payments of invoices. */
    public static List<StripeInvoicePayment> list(JsonNode listing) {
        List<StripeInvoicePayment> payments = new ArrayList<>();
        listing.path("data").forEach(payment -> payments.add(from(payment)));
        return payments;
    }

    /** Reads Stripe's JSON of an invoice's payment, from an event or a listing. */
    public static StripeInvoicePayment from(JsonNode json) {
        StripeFields fields = StripeFields.of(json, OBJECT);
        StripeFields payment = fields.at("payment");
        StripeFields invoice = fields.at("invoice");
        StripeFields intent = payment.at("payment_intent");
        Money paid = fields.money("amount_paid");
        String invoiceId = fields.reference("invoice");
        if (invoiceId == null) {
            throw new UnreadableStripeObject("invoice_payment without invoice");
        }
        return new StripeInvoicePayment(fields.required("id"), fields.required("status"),
                paid == null ? fields.requiredMoney("amount_requested") : paid,
                fields.at("status_transitions").instant("paid_at"), invoiceId,
                invoice.isPresent() ? StripeInvoice.from(invoice.json()) : null, payment.text("type", "unknown"),
                payment.reference("payment_intent"),
                intent.isPresent() ? StripePaymentIntent.from(intent.json()) : null, fields.created());
    }
}
