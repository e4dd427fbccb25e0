package io.coachpay.dispute;

import io.coachpay.payment.Transaction;

/**
 * Something about a payment's disputes has changed, told inside the transaction that changed it and holding the payment's
 * lock. What a payment is for (a session today) observes this.
 */
public record DisputeChanged(Transaction transaction) {
}
