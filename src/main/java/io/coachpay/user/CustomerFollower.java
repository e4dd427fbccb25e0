package io.coachpay.user;

import org.jspecify.annotations.Nullable;

/**
 * Follows what Stripe says of a customer. All implementations, in packages above, are called inside the database transaction
 * that mirrors it, which holds the customer's row.
 */
public interface CustomerFollower {

    /**
     * Stripe names another default payment method.
     *
     * @param method {@code pm_…}; null for none
     */
    void defaultIs(CustomerOwner owner, @Nullable String method);

    /** The customer is deleted at Stripe, and all its payment methods with it. */
    void isGone(CustomerOwner owner);
}
