package io.coachpay.user;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;

/**
 * A customer's default payment method: what Stripe says, and what it is to become. The attempt is part of the idempotency key,
 * and every other wish changes it.
 */
@Embeddable
class DefaultMethod {

    @Column(name = "default_payment_method")
    private @Nullable String known;
    @Column(name = "wanted_default")
    private @Nullable String wanted;
    @Column(name = "default_if_none")
    private boolean ifNone;
    @Column(name = "default_attempt")
    private int attempt;

    protected DefaultMethod() {
    }

    /** Mirrors what Stripe says. */
    void mirror(@Nullable String theirs) {
        known = theirs;
    }

    /** Records the owner's wish; the latest one counts. */
    void want(String method) {
        ask(method, false);
    }

    /** Records that a method is to be the default if Stripe has none, unless there is one or the owner has another wish. */
    void wantIfNone(String method) {
        if (known == null && wanted == null) {
            ask(method, true);
        }
    }

    private void ask(String method, boolean onlyIfNone) {
        if (method.equals(wanted) && ifNone == onlyIfNone) {
            return;
        }
        wanted = method;
        ifNone = onlyIfNone;
        attempt++;
    }

    /** Records that Stripe took a method; a later wish is still to be sent. */
    void taken(String method) {
        if (method.equals(wanted)) {
            forget();
        }
    }

    /** Drops the wish for a method that Stripe does not take. */
    void drop(String method) {
        if (method.equals(wanted)) {
            forget();
            attempt++;
        }
    }

    /** Drops a wish that is not the owner's, since Stripe has a default. */
    void giveWay() {
        if (ifNone) {
            forget();
            attempt++;
        }
    }

    /** Forgets all: the customer is gone. */
    void clear() {
        known = null;
        forget();
        attempt++;
    }

    private void forget() {
        wanted = null;
        ifNone = false;
    }

    /** Spends the key of that attempt, whose answer Stripe would repeat, unless somebody has counted on already. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /** Stripe's, {@code pm_…}; null for none. */
    @Nullable
    String known() {
        return known;
    }

    /** The one that Stripe has yet to hear of; null for none. */
    @Nullable
    String wanted() {
        return wanted;
    }

    /** Whether the wish gives way to a default that Stripe has already. */
    boolean isIfNone() {
        return ifNone;
    }

    int attempt() {
        return attempt;
    }
}
