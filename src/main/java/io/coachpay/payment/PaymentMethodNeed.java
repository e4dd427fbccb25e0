package io.coachpay.payment;

import io.coachpay.user.CustomerOwner;

/**
 * A reason why an owner must keep a payment method, such as a live subscription. All implementations, in packages above, are
 * asked.
 */
public interface PaymentMethodNeed {

    /**
     * Whether the owner needs one. Runs inside the caller's database transaction as the service, which holds the row of the
     * owner's customer: a need that begins under that lock is never overlooked.
     */
    boolean isNeeded(CustomerOwner owner);
}
