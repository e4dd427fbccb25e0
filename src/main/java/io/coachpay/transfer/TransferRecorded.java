package io.coachpay.transfer;

import io.coachpay.payment.Transaction;

/**
 * Stripe has told which transfer a payment made, told inside the transaction that wrote it down and holding the payment's lock.
 * Whoever had to wait for that, because there was nothing to take back from, observes this.
 */
public record TransferRecorded(Transaction transaction) {
}
