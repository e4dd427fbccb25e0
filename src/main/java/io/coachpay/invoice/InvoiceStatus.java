package io.coachpay.invoice;

import java.util.EnumSet;
import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;

/**
 * The state of an invoice, in Stripe's words but for {@link #DELETED}.
 *
 * @see <a href="https://docs.stripe.com/invoicing/overview#invoice-lifecycle">Stripe: life of an invoice</a>
 */
enum InvoiceStatus implements Transitions<InvoiceStatus> {
    DRAFT("draft"),
    OPEN("open"),
    /** Written off; it may still be paid. */
    UNCOLLECTIBLE("uncollectible"),
    PAID("paid"),
    VOID("void"),
    /** A draft that somebody deleted. */
    DELETED("deleted");

    @EnumeratedValue
    private final String column;

    InvoiceStatus(String column) {
        this.column = column;
    }

    /**
     * The state that Stripe names.
     *
     * @throws IllegalStateException for a word of a newer version
     */
    static InvoiceStatus stripes(String word) {
        return Transitions.named(word, "invoices", EnumSet.allOf(InvoiceStatus.class));
    }

    @Override
    public Set<InvoiceStatus> next() {
        return switch (this) {
            case DRAFT -> EnumSet.of(OPEN, PAID, UNCOLLECTIBLE, VOID, DELETED);
            case OPEN -> EnumSet.of(PAID, UNCOLLECTIBLE, VOID);
            case UNCOLLECTIBLE -> EnumSet.of(PAID, VOID);
            case PAID, VOID, DELETED -> EnumSet.noneOf(InvoiceStatus.class);
        };
    }

    /** Whether something of it can be paid. */
    boolean isPayable() {
        return this == OPEN || this == UNCOLLECTIBLE;
    }

    /** Whether nothing changes it any more. */
    boolean isFinal() {
        return next().isEmpty();
    }

    @Override
    public String column() {
        return column;
    }
}
