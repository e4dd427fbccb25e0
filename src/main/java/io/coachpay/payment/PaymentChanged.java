package io.coachpay.payment;

/**
 * A payment's status changed, told inside the transaction that changed it and holding its lock. What a payment is for
 * (a session today) observes this, so that a payment and its effect are one.
 *
 * @param before what its status was
 */
public record PaymentChanged(Transaction transaction, Transaction.Status before) {
}
