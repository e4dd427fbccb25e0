package io.coachpay.invoice;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.payment.Origin;
import io.coachpay.stripe.StripeInvoice;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A line of the history of an invoice, append-only. */
@Entity
@Table(name = "invoice_logs")
class InvoiceLog extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "invoice_id", updatable = false)
    private UUID invoiceId;
    @Column(updatable = false)
    private String event;
    @Column(name = "stripe_event_id", updatable = false)
    private @Nullable String stripeEventId;
    @Column(name = "status_before", updatable = false)
    private @Nullable String statusBefore;
    @Column(name = "status_after", updatable = false)
    private String statusAfter;
    @Column(name = "failure_code", updatable = false)
    private @Nullable String failureCode;
    @Column(name = "failure_message", updatable = false)
    private @Nullable String failureMessage;
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(updatable = false)
    private Map<String, String> details;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected InvoiceLog() {
    }

    /** Records news of an invoice, with the states before and after it. */
    static void write(Invoice invoice, StripeInvoice stripes, Origin from, @Nullable InvoiceStatus before, Instant now) {
        InvoiceLog line = new InvoiceLog();
        line.id = Ids.next();
        line.invoiceId = invoice.id();
        line.event = from.word();
        line.stripeEventId = from.eventId();
        line.statusBefore = before == null ? null : before.column();
        line.statusAfter = invoice.status().column();
        StripeInvoice.Failure failure = stripes.failure();
        if (failure != null) {
            line.failureCode = failure.code();
            line.failureMessage = failure.message();
        }
        line.details = details(invoice);
        line.createdAt = now;
        line.persist();
    }

    /** The number of charges that Stripe has tried, and the time of the next. */
    private static Map<String, String> details(Invoice invoice) {
        Map<String, String> details = new HashMap<>();
        details.put("attempts", Integer.toString(invoice.attempts()));
        Instant next = invoice.times().nextAttempt();
        if (next != null) {
            details.put("nextAttempt", next.toString());
        }
        return details;
    }

    /** The history of an invoice, oldest first. */
    static List<InvoiceLog> of(UUID invoiceId) {
        return list("invoiceId = ?1 order by id", invoiceId);
    }

    String event() {
        return event;
    }

    @Nullable
    String stripeEventId() {
        return stripeEventId;
    }

    @Nullable
    String statusBefore() {
        return statusBefore;
    }

    String statusAfter() {
        return statusAfter;
    }

    @Nullable
    String failureCode() {
        return failureCode;
    }

    @Nullable
    String failureMessage() {
        return failureMessage;
    }

    Instant createdAt() {
        return createdAt;
    }
}
