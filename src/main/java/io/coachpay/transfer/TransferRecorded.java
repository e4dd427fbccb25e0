package io.coachpay.transfer;

import io.coachpay.payment.Transaction;

/**
 * Fired when a payment's transfer is recorded, in the same database transaction and under the payment's lock. Observers are
 * those that had to wait because there was nothing to reverse.
 */
public record TransferRecorded(Transaction transaction) {
}
