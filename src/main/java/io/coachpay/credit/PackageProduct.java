package io.coachpay.credit;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;

/**
 * A package's product at Stripe. The attempt is part of the idempotency key, and a name that is to be sent changes together
 * with it.
 */
@Embeddable
class PackageProduct {

    /** Whether the product has the package's name. */
    enum Status {
        /** Ours is newer, and goes to Stripe soon. */
        PENDING("pending"),
        SYNCED("synced"),
        /** Stripe refused the name; the next one is sent again. */
        FAILED("failed");

        @EnumeratedValue
        final String column;

        Status(String column) {
            this.column = column;
        }
    }

    @Column(name = "stripe_product_id")
    private @Nullable String stripeId;
    @Enumerated(EnumType.STRING)
    @Column(name = "product_status")
    private @Nullable Status status;
    @Column(name = "product_attempt")
    private int attempt;
    @Column(name = "product_sought_from")
    private @Nullable Instant soughtFrom;

    protected PackageProduct() {
    }

    static PackageProduct none() {
        PackageProduct none = new PackageProduct();
        none.attempt = 1;
        return none;
    }

    /** Records the first need of the product, and answers when that was. */
    Instant sought(Instant now) {
        Instant first = soughtFrom == null ? now : soughtFrom;
        soughtFrom = first;
        return first;
    }

    /** Records that Stripe had made no product by then. */
    void soughtInVain(Instant at) {
        soughtFrom = soughtFrom == null || at.isAfter(soughtFrom) ? at : soughtFrom;
    }

    /**
     * Keeps the product that Stripe made; the first one counts.
     *
     * @param named whether it has the package's present name
     */
    void made(String product, boolean named) {
        if (stripeId == null) {
            stripeId = product;
            status = named ? Status.SYNCED : Status.PENDING;
        }
    }

    /**
     * Records another name for Stripe, and answers whether there is a product to tell; one that is being made is told later.
     */
    boolean renamed() {
        if (stripeId == null) {
            return false;
        }
        attempt++;
        status = Status.PENDING;
        return true;
    }

    /** Records that Stripe took the name of that attempt, or refused it for good; a later name is still to be sent. */
    void told(int atAttempt, boolean taken) {
        if (attempt == atAttempt && status == Status.PENDING) {
            status = taken ? Status.SYNCED : Status.FAILED;
        }
    }

    /** Forgets a product that Stripe does not have any more, so that the next sale makes another. */
    void gone(String product, Instant now) {
        if (product.equals(stripeId)) {
            stripeId = null;
            status = null;
            attempt++;
            soughtFrom = now;
        }
    }

    /** Spends the key of that attempt, whose answer Stripe would repeat, unless somebody has counted on already. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /** {@code prod_…}; null until the first package is sold. */
    @Nullable
    String stripeId() {
        return stripeId;
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

    /** The start of the time in which Stripe may have made the product without our knowledge; null before the first need. */
    @Nullable
    Instant soughtFrom() {
        return soughtFrom;
    }
}
