package io.coachpay.refund;

import java.util.UUID;

/**
 * Fired when Stripe refused a refund, perhaps for a reason that no event has reported yet: outside of any database
 * transaction, before the refusal is believed. Observers refresh from Stripe what may prevent the refund.
 *
 * @param transactionId our row of the payment
 * @param paymentIntent {@code pi_…}
 */
public record RefundDoubted(UUID transactionId, String paymentIntent) {
}
