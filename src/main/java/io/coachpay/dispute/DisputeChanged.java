package io.coachpay.dispute;

import io.coachpay.payment.Transaction;

/**
 * Fired when a payment's disputes have changed, in the same database transaction and under the payment's lock. The payment's
 * purpose (a session today) observes it.
 */
public record DisputeChanged(Transaction transaction) {
}
