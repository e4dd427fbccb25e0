package io.coachpay.invoice;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.HoldsSecret;

/** An invoice. Its addresses open it to anybody who has them, so that no stored answer keeps them. */
@Schema(name = "Invoice")
public record InvoiceView(UUID id, @Schema(examples = "in_1Pb2") String stripeInvoiceId,
        @Nullable @Schema(description = "Stripe's, once it is finalized", examples = "3F2A1B0C-0001") String number,
        @Schema(description = "With tax; negative where a change of plan gives something back") Money amount,
        @Schema(description = "The part of the amount that is tax") Money tax, Money amountDue,
        @Schema(description = "Also what was paid outside Stripe") Money amountPaid, Money amountRemaining,
        @Schema(enumeration = {
                "draft", "open", "paid", "uncollectible", "void" }) String status,
        @Nullable @Schema(description = "Why it was made, in Stripe's words", examples = "subscription_cycle") String reason,
        @Nullable @Schema(description = "Missing for an invoice that bills no subscription") UUID subscriptionId,
        @Nullable @Schema(description = "Stripe's page of the invoice; keep it to yourself") String invoiceUrl,
        @Nullable @Schema(description = "The invoice as a file; keep it to yourself") String invoicePdf,
        @Nullable Instant periodStart, @Nullable Instant periodEnd, @Nullable Instant dueDate, @Nullable Instant paidAt,
        @Nullable @Schema(description = "When Stripe charges next; missing when it will not by itself") Instant retryAt,
        @Schema(description = "Whether Stripe waits for an address, to know the tax") boolean addressNeeded,
        @Schema(description = "When Stripe made it") Instant issuedAt, List<Line> lines, List<Payment> payments,
        List<Credit> creditNotes) implements HoldsSecret{

    /** A line of an invoice. */
    @Schema(name = "InvoiceLine")
    public record Line(@Nullable String description,
            @Schema(description = "Negative where it gives something back") Money amount, @Nullable Integer quantity,
            @Nullable Instant periodStart, @Nullable Instant periodEnd,
            @Schema(description = "Whether it is for a part of a period, because the plan changed") boolean proration) {

        static Line of(InvoiceLine line) {
            return new Line(line.description(), line.amount(), line.quantity(), line.periodStart(), line.periodEnd(),
                    line.isProration());
        }
    }

    /** A payment of an invoice. */
    @Schema(name = "InvoicePayment")
    public record Payment(
            @Nullable @Schema(description = "The payment; missing where no money came through Stripe") UUID transactionId,
            @Schema(examples = {
                    "payment_intent", "payment_record" }) String type,
            Money amount,
            @Schema(enumeration = { "open", "paid", "canceled" }) String status, @Nullable Instant paidAt){

        static Payment of(InvoicePayment payment) {
            return new Payment(payment.transactionId(), payment.type(), payment.amount(), payment.status().column(),
                    payment.paidAt());
        }
    }

    /** A part of an invoice that was taken back. */
    @Schema(name = "CreditNote")
    public record Credit(UUID id, @Nullable String number, Money amount,
            @Schema(enumeration = {
                    "requested", "issued", "void", "refused" }) String status,
            @Nullable String reason,
            @Nullable @Schema(description = "The refund that it explains, if that was asked for here") UUID refundId,
            @Nullable @Schema(description = "The credit note as a file; keep it to yourself") String pdf,
            Instant createdAt){

        static Credit of(CreditNote note) {
            return new Credit(note.id(), note.number(), note.amount(), note.status().column(), note.reason(), note.refundId(),
                    note.pdf(), note.createdAt());
        }

        private Credit withoutSecrets() {
            return new Credit(id, number, amount, status, reason, refundId, null, createdAt);
        }
    }

    static InvoiceView of(Invoices.Whole whole) {
        Invoice invoice = whole.invoice();
        InvoiceAmounts amounts = invoice.amounts();
        InvoiceTimes times = invoice.times();
        InvoiceAddresses addresses = invoice.addresses();
        return new InvoiceView(invoice.id(), invoice.stripeId(), invoice.number(), amounts.total(), amounts.tax(),
                amounts.due(), amounts.paid(), amounts.remaining(), invoice.status().column(), invoice.reason(),
                invoice.subscriptionId(), addresses == null ? null : addresses.url(),
                addresses == null ? null : addresses.pdf(), times.periodStart(), times.periodEnd(),
                times.dueDate(), times.paidAt(), times.nextAttempt(), invoice.isAddressNeeded(), invoice.issuedAt(),
                whole.lines().stream().map(Line::of).toList(), whole.payments().stream().map(Payment::of).toList(),
                whole.creditNotes().stream().map(Credit::of).toList());
    }

    @Override
    public InvoiceView withoutSecrets() {
        return new InvoiceView(id, stripeInvoiceId, number, amount, tax, amountDue, amountPaid, amountRemaining, status, reason,
                subscriptionId, null, null, periodStart, periodEnd, dueDate, paidAt, retryAt, addressNeeded, issuedAt, lines,
                payments, creditNotes.stream().map(Credit::withoutSecrets).toList());
    }

    @Override
    public String toString() {
        return "Invoice[" + id + ", " + status + "]";
    }
}
