package io.coachpay.subscription;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;

/** The beginning of a subscription, on Stripe's page or here, with all that its calls follow from. */
@Embeddable
class SubscriptionPage {

    @Column(name = "stripe_checkout_session_id")
    private @Nullable String stripeId;
    @Column(name = "trial_days", updatable = false)
    private int trialDays;
    @Column(name = "success_url", updatable = false)
    private @Nullable String successUrl;
    @Column(name = "cancel_url", updatable = false)
    private @Nullable String cancelUrl;
    @Column(name = "page_expires_at", updatable = false)
    private @Nullable Instant expiresAt;
    @Column(name = "is_direct", updatable = false)
    private boolean direct;
    @Column(name = "payment_method")
    private @Nullable String method;
    private int attempt;

    protected SubscriptionPage() {
    }

    /** A beginning here, without a page. */
    static SubscriptionPage direct(int trialDays, @Nullable String method) {
        SubscriptionPage made = new SubscriptionPage();
        made.trialDays = trialDays;
        made.direct = true;
        made.method = method;
        made.attempt = 1;
        return made;
    }

    /** The same, of another subscription, which Stripe is not asked for. */
    SubscriptionPage again() {
        SubscriptionPage made = new SubscriptionPage();
        made.trialDays = trialDays;
        made.successUrl = successUrl;
        made.cancelUrl = cancelUrl;
        made.expiresAt = expiresAt;
        made.direct = direct;
        made.attempt = 1;
        return made;
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

    @Nullable
    String successUrl() {
        return successUrl;
    }

    @Nullable
    String cancelUrl() {
        return cancelUrl;
    }

    /** When Stripe closes it; null without a page. */
    @Nullable
    Instant expiresAt() {
        return expiresAt;
    }

    /** Whether it begins here, without a page. */
    boolean isDirect() {
        return direct;
    }

    /** The saved method that pays the first invoice, {@code pm_…}; null on a page, and for a trial that needs none. */
    @Nullable
    String method() {
        return method;
    }

    /** Takes the saved method that is to pay the first invoice. */
    void payWith(@Nullable String saved) {
        method = saved;
    }

    int attempt() {
        return attempt;
    }
}
