package io.coachpay.transfer;

import io.coachpay.payment.Transaction;

/**
 * Nothing will come of a step any more: Stripe refused it, or it was taken back. Told inside the transaction that writes that
 * down and holding the payment's lock. Whoever waited for the step observes this.
 */
public record TransferRequestCancelled(TransferRequest step, Transaction transaction) {
}
