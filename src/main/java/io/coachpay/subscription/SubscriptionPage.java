package io.coachpay.subscription;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;

/** Stripe's page on which a subscription begins, with all that its call follows from. */
@Embeddable
class SubscriptionPage {

    @Column(name = "stripe_checkout_session_id")
    private @Nullable String stripeId;
    @Column(name = "trial_days", updatable = false)
    private int trialDays;
    @Column(name = "success_url", updatable = false)
    private String successUrl;
    @Column(name = "cancel_url", updatable = false)
    private String cancelUrl;
    @Column(name = "page_expires_at", updatable = false)
    private Instant expiresAt;
    private int attempt;

    @SuppressWarnings("NullAway.Init")
    protected SubscriptionPage() {
    }

    /** A page that Stripe has not been asked for. */
    SubscriptionPage(int trialDays, String successUrl, String cancelUrl, Instant expiresAt) {
        this.trialDays = trialDays;
        this.successUrl = successUrl;
        this.cancelUrl = cancelUrl;
        this.expiresAt = expiresAt;
        this.attempt = 1;
    }

    /** Keeps the page that Stripe opened; the first one counts. */
    void link(String checkoutSession) {
        stripeId = stripeId == null ? checkoutSession : stripeId;
    }

    /** Spends the key of that attempt, whose answer Stripe would repeat, unless somebody has counted on already. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /** {@code cs_…}; null until Stripe is known to have it. */
    @Nullable
    String stripeId() {
        return stripeId;
    }

    /** The trial that it offers; 0 for none. */
    int trialDays() {
        return trialDays;
    }

    String successUrl() {
        return successUrl;
    }

    String cancelUrl() {
        return cancelUrl;
    }

    /** When Stripe closes it. */
    Instant expiresAt() {
        return expiresAt;
    }

    int attempt() {
        return attempt;
    }
}
