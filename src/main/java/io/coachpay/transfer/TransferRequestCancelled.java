package io.coachpay.transfer;

import io.coachpay.payment.Transaction;

/**
 * Fired when a request will move nothing any more, since Stripe refused it or it was withdrawn: in the database transaction
 * that records that, under the payment's lock.
 */
public record TransferRequestCancelled(TransferRequest step, Transaction transaction) {
}
