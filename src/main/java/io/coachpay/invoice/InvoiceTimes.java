package io.coachpay.invoice;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeInvoice;

/** The times of an invoice as Stripe has them, and their age. */
@Embeddable
class InvoiceTimes {

    @Column(name = "period_start")
    private @Nullable Instant periodStart;
    @Column(name = "period_end")
    private @Nullable Instant periodEnd;
    @Column(name = "due_date")
    private @Nullable Instant dueDate;
    @Column(name = "finalized_at")
    private @Nullable Instant finalizedAt;
    @Column(name = "paid_at")
    private @Nullable Instant paidAt;
    @Column(name = "next_payment_attempt")
    private @Nullable Instant nextAttempt;
    @Column(name = "stripe_as_of")
    private Instant asOf;
    @Column(name = "stripe_told_at")
    private @Nullable Instant toldAt;

    @SuppressWarnings("NullAway.Init")
    protected InvoiceTimes() {
    }

    /**
     * Mirrors Stripe's times as of that second.
     *
     * @param becomes the state that the invoice has with them
     * @param now by our clock
     */
    void mirror(StripeInvoice stripes, InvoiceStatus becomes, Instant at, Instant now) {
        asOf = at.truncatedTo(ChronoUnit.SECONDS);
        toldAt = now;
        periodStart = stripes.periodStart();
        periodEnd = stripes.periodEnd();
        dueDate = stripes.dueDate();
        finalizedAt = stripes.finalizedAt();
        paidAt = becomes == InvoiceStatus.PAID ? stripes.paidAt() : null;
        nextAttempt = becomes == InvoiceStatus.OPEN ? stripes.nextAttempt() : null;
    }

    /** Whether Stripe has these very times for an invoice in that state. */
    boolean areThoseOf(StripeInvoice stripes, InvoiceStatus becomes) {
        InvoiceTimes others = new InvoiceTimes();
        others.mirror(stripes, becomes, asOf, asOf);
        return told().equals(others.told());
    }

    private List<@Nullable Instant> told() {
        return Arrays.asList(periodStart, periodEnd, dueDate, finalizedAt, paidAt, nextAttempt);
    }

    /** Whether nothing was mirrored yet. */
    boolean isUntold() {
        return asOf.equals(Instant.EPOCH);
    }

    /** Whether ours is newer than that second. */
    boolean isNewerThan(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).isBefore(asOf);
    }

    /** Whether ours is of that very second. */
    boolean isAsOldAs(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).equals(asOf);
    }

    /** The second of a reading that is newer than ours, though Stripe's clock may be ahead of the one that sent it. */
    Instant ofReading(Instant sentAt) {
        return asOf.isAfter(sentAt) ? asOf : sentAt;
    }

    /** Whether it was mirrored after that request was sent, so that its answer may be stale. */
    boolean isToldSince(Instant sentAt) {
        return toldAt != null && toldAt.isAfter(sentAt);
    }

    @Nullable
    Instant dueDate() {
        return dueDate;
    }

    @Nullable
    Instant paidAt() {
        return paidAt;
    }

    /** When Stripe charges next; null when it will not by itself. */
    @Nullable
    Instant nextAttempt() {
        return nextAttempt;
    }

    @Nullable
    Instant periodStart() {
        return periodStart;
    }

    @Nullable
    Instant periodEnd() {
        return periodEnd;
    }
}
