package io.coachpay.subscription;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;

/**
 * A plan's price at Stripe, with the product that it is a price of. The attempt is part of the idempotency key, and what is to
 * be sent changes together with it.
 */
@Embeddable
class PlanPrice {

    /** Whether Stripe has the plan's name, and sells it exactly if we do. */
    enum Status {
        /** Ours is newer, and goes to Stripe soon. */
        PENDING("pending"),
        SYNCED("synced"),
        /** Stripe refused; the next change is sent again. */
        FAILED("failed");

        @EnumeratedValue
        final String column;

        Status(String column) {
            this.column = column;
        }
    }

    @Column(name = "stripe_product_id")
    private @Nullable String productId;
    @Column(name = "stripe_price_id")
    private @Nullable String stripeId;
    @Enumerated(EnumType.STRING)
    @Column(name = "price_status")
    private @Nullable Status status;
    @Column(name = "price_attempt")
    private int attempt;
    @Column(name = "price_sought_from")
    private @Nullable Instant soughtFrom;
    @Column(name = "stripe_as_of")
    private @Nullable Instant asOf;

    protected PlanPrice() {
    }

    static PlanPrice none() {
        PlanPrice none = new PlanPrice();
        none.attempt = 1;
        return none;
    }

    /** Records the first need of the price, and answers when that was. */
    Instant sought(Instant now) {
        Instant first = soughtFrom == null ? now : soughtFrom;
        soughtFrom = first;
        return first;
    }

    /** Records that Stripe had made no price by then. */
    void soughtInVain(Instant at) {
        soughtFrom = soughtFrom == null || at.isAfter(soughtFrom) ? at : soughtFrom;
    }

    /**
     * Keeps the price that Stripe made; the first one counts. It was made for sale, with the name of that time, so the plan as
     * it is now goes to Stripe after it.
     */
    void made(String price, String product) {
        if (stripeId == null) {
            stripeId = price;
            productId = product;
            status = Status.PENDING;
        }
    }

    /**
     * Records a change for Stripe, and answers whether there is a price to send it for; one that is being made is told later.
     */
    boolean changed() {
        if (stripeId == null) {
            return false;
        }
        attempt++;
        status = Status.PENDING;
        return true;
    }

    /**
     * Records that Stripe took the plan as of that attempt, or refused it for good; a later change is still to be sent.
     *
     * @param at when it answered
     */
    void told(int atAttempt, boolean taken, Instant at) {
        if (attempt == atAttempt && status == Status.PENDING) {
            status = taken ? Status.SYNCED : Status.FAILED;
            asOf = at;
        }
    }

    /**
     * Whether news of Stripe's about the sale counts: not while ours is newer and on its way, and not what was read before
     * Stripe had ours.
     */
    boolean accepts(Instant readAt) {
        return status != Status.PENDING && (asOf == null || !readAt.isBefore(asOf));
    }

    /** Records the time of news of Stripe's that were accepted. */
    void heard(Instant readAt) {
        asOf = readAt;
    }

    /** Forgets a price that Stripe does not have any more, so that the next subscriber's need makes another. */
    void gone(String price, Instant now) {
        if (price.equals(stripeId)) {
            stripeId = null;
            productId = null;
            status = null;
            asOf = null;
            attempt++;
            soughtFrom = now;
        }
    }

    /** Spends the key of that attempt, whose answer Stripe would repeat, unless somebody has counted on already. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /** {@code price_…}; null until the first subscribes. */
    @Nullable
    String stripeId() {
        return stripeId;
    }

    /** {@code prod_…}; null until there is a price. */
    @Nullable
    String productId() {
        return productId;
    }

    boolean isUntold() {
        return status == Status.PENDING;
    }

    @Nullable
    Status status() {
        return status;
    }

    int attempt() {
        return attempt;
    }

    /** The start of the time in which Stripe may have made the price without our knowledge; null before the first need. */
    @Nullable
    Instant soughtFrom() {
        return soughtFrom;
    }
}
