package io.coachpay.invoice;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeInvoice;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A line of an invoice, as Stripe has it. Lines are replaced, never changed. */
@Entity
@Table(name = "invoice_lines")
class InvoiceLine extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "invoice_id", updatable = false)
    private UUID invoiceId;
    @Column(updatable = false)
    private int position;
    @Column(name = "stripe_line_id", updatable = false)
    private String stripeId;
    @Column(updatable = false)
    private @Nullable String description;
    @Embedded
    private Amount amount;
    @Column(updatable = false)
    private @Nullable Integer quantity;
    @Column(name = "period_start", updatable = false)
    private @Nullable Instant periodStart;
    @Column(name = "period_end", updatable = false)
    private @Nullable Instant periodEnd;
    @Column(updatable = false)
    private boolean proration;
    @Column(name = "stripe_price_id", updatable = false)
    private @Nullable String priceId;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected InvoiceLine() {
    }

    private static InvoiceLine of(Invoice invoice, int position, StripeInvoice.Line stripes, Instant now) {
        InvoiceLine line = new InvoiceLine();
        line.id = Ids.next();
        line.invoiceId = invoice.id();
        line.position = position;
        line.stripeId = stripes.id();
        line.description = stripes.description();
        line.amount = Amount.of(stripes.amount());
        line.quantity = stripes.quantity();
        line.periodStart = stripes.periodStart();
        line.periodEnd = stripes.periodEnd();
        line.proration = stripes.proration();
        line.priceId = stripes.priceId();
        line.createdAt = now;
        return line;
    }

    /** The lines of an invoice, in Stripe's order. */
    static List<InvoiceLine> of(UUID invoiceId) {
        return list("invoiceId = ?1 order by position", invoiceId);
    }

    /** Those of many invoices, each invoice's in their order. */
    static List<InvoiceLine> of(Collection<UUID> invoiceIds) {
        return list("invoiceId in ?1 order by position", invoiceIds);
    }

    /** Replaces the lines of an invoice, whose lock is held, by all of Stripe's, unless they are the same. */
    static void replace(Invoice invoice, List<StripeInvoice.Line> stripes, Instant now) {
        List<InvoiceLine> known = invoice.areLinesWhole() ? of(invoice.id()) : List.of();
        boolean same = known.size() == stripes.size();
        for (int position = 0; same && position < known.size(); position++) {
            same = known.get(position).isLike(stripes.get(position));
        }
        if (same) {
            return;
        }
        // A flush inserts before it deletes, so that the lines of before have to go first.
        if (!known.isEmpty()) {
            known.forEach(getEntityManager()::detach);
            delete("invoiceId", invoice.id());
        }
        for (int position = 0; position < stripes.size(); position++) {
            of(invoice, position, stripes.get(position), now).persist();
        }
    }

    private boolean isLike(StripeInvoice.Line stripes) {
        return stripeId.equals(stripes.id()) && amount().isEqual(stripes.amount())
                && Objects.equals(description, stripes.description()) && Objects.equals(quantity, stripes.quantity())
                && Objects.equals(priceId, stripes.priceId());
    }

    UUID invoiceId() {
        return invoiceId;
    }

    @Nullable
    String description() {
        return description;
    }

    /** Negative where it gives something back. */
    Money amount() {
        return amount.money();
    }

    @Nullable
    Integer quantity() {
        return quantity;
    }

    @Nullable
    Instant periodStart() {
        return periodStart;
    }

    @Nullable
    Instant periodEnd() {
        return periodEnd;
    }

    boolean isProration() {
        return proration;
    }
}
