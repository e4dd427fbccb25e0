package io.coachpay.subscription;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeSubscription;

/** The times of a subscription as Stripe has them, and their age. */
@Embeddable
class SubscriptionTerm {

    /** By then an event has reported a renewal or an end, or none will. */
    private static final Duration NEWS_COME_WITHIN = Duration.ofDays(1);

    @Column(name = "current_period_start")
    private @Nullable Instant periodStart;
    @Column(name = "current_period_end")
    private @Nullable Instant periodEnd;
    @Column(name = "cancel_at")
    private @Nullable Instant cancelAt;
    @Column(name = "cancel_at_period_end")
    private boolean cancelAtPeriodEnd;
    @Column(name = "canceled_at")
    private @Nullable Instant canceledAt;
    @Column(name = "ended_at")
    private @Nullable Instant endedAt;
    @Column(name = "cancellation_reason")
    private @Nullable String reason;
    @Column(name = "trial_start")
    private @Nullable Instant trialStart;
    @Column(name = "trial_end")
    private @Nullable Instant trialEnd;
    @Column(name = "pending_price_id")
    private @Nullable String pendingPriceId;
    @Column(name = "pending_expires_at")
    private @Nullable Instant pendingExpiresAt;
    @Column(name = "collection_paused")
    private boolean collectionPaused;
    @Column(name = "default_payment_method")
    private @Nullable String ownMethod;
    @Column(name = "latest_invoice")
    private @Nullable String latestInvoice;
    @Column(name = "missing_at")
    private @Nullable Instant missingAt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;
    @Column(name = "stripe_told_at")
    private @Nullable Instant toldAt;

    protected SubscriptionTerm() {
    }

    /** The times of a subscription that Stripe does not have yet. */
    static SubscriptionTerm none() {
        return new SubscriptionTerm();
    }

    /**
     * Mirrors Stripe's times as of that second, and answers whether they are not older than ours. An end counts at any age:
     * nothing comes after it.
     *
     * @param now by our clock
     */
    boolean mirror(StripeSubscription stripes, boolean isEnd, Instant at, Instant now) {
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        if (!isEnd && asOf != null && second.isBefore(asOf)) {
            return false;
        }
        asOf = second;
        toldAt = now;
        periodStart = stripes.periodStart();
        periodEnd = stripes.periodEnd();
        cancelAt = stripes.cancelAt();
        cancelAtPeriodEnd = stripes.cancelAtPeriodEnd();
        canceledAt = stripes.canceledAt();
        endedAt = stripes.endedAt();
        reason = stripes.reason();
        trialStart = stripes.trialStart();
        trialEnd = stripes.trialEnd();
        pendingPriceId = stripes.pendingPriceId();
        pendingExpiresAt = stripes.pendingExpiresAt();
        collectionPaused = stripes.collectionPaused();
        ownMethod = isEnd ? null : stripes.defaultPaymentMethodId();
        latestInvoice = stripes.latestInvoiceId();
        return true;
    }

    /** Records that Stripe does not have it any more: it is over, as far as anybody knows. */
    void missing(Instant now) {
        missingAt = now;
        endedAt = now;
        ownMethod = null;
        toldAt = now;
    }

    /** Whether ours is of that very second, so that only a look at Stripe shows which is newer. */
    boolean isAsOldAs(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).equals(asOf);
    }

    /** The second of a reading that is newer than ours, though Stripe's clock may be ahead of the one that sent it. */
    Instant ofReading(Instant sentAt) {
        return asOf != null && asOf.isAfter(sentAt) ? asOf : sentAt;
    }

    /** Whether it was mirrored after that request was sent, so that its answer may be stale. */
    boolean isToldSince(Instant sentAt) {
        return toldAt != null && toldAt.isAfter(sentAt);
    }

    @Nullable
    Instant periodStart() {
        return periodStart;
    }

    @Nullable
    Instant periodEnd() {
        return periodEnd;
    }

    boolean isCancelAtPeriodEnd() {
        return cancelAtPeriodEnd;
    }

    /** When it ends, or has ended; null while it goes on. People's cancellations in the portal set a time without the flag. */
    @Nullable
    Instant endsAt() {
        if (endedAt != null) {
            return endedAt;
        }
        return cancelAt != null ? cancelAt : cancelAtPeriodEnd ? periodEnd : null;
    }

    /**
     * When Stripe is to be asked, should no event tell: at once to clear a method of its own, and else a day after its period
     * ends or it does; daily while it waits for money. Null for one that is over.
     */
    @Nullable
    Instant nextLook(SubscriptionStatus status, Instant now) {
        if (!status.isLive()) {
            return null;
        }
        if (ownMethod != null) {
            return now;
        }
        Instant end = endsAt();
        Instant turn = end != null && (periodEnd == null || end.isBefore(periodEnd)) ? end : periodEnd;
        boolean waits = status != SubscriptionStatus.TRIALING && status != SubscriptionStatus.ACTIVE;
        return (waits || turn == null || turn.isBefore(now) ? now : turn).plus(NEWS_COME_WITHIN);
    }

    /** Whether its end has come. */
    boolean isOver(Instant now) {
        Instant end = endsAt();
        return end != null && !end.isAfter(now);
    }

    @Nullable
    Instant trialEnd() {
        return trialEnd;
    }

    /** {@code price_…} of a change that waits to be paid; null for none. */
    @Nullable
    String pendingPriceId() {
        return pendingPriceId;
    }

    @Nullable
    Instant pendingExpiresAt() {
        return pendingExpiresAt;
    }

    /** A payment method of its own, {@code pm_…}, which outranks its owner's default; null for none. */
    @Nullable
    String ownMethod() {
        return ownMethod;
    }

    /** {@code in_…}; null until Stripe has made one. */
    @Nullable
    String latestInvoice() {
        return latestInvoice;
    }

    boolean isCollectionPaused() {
        return collectionPaused;
    }
}
