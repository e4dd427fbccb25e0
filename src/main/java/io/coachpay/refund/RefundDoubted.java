package io.coachpay.refund;

import java.util.UUID;

/**
 * Stripe refused a refund, perhaps because of something that nobody has told us. Told outside of any transaction, before the
 * refusal is believed: whoever knows of what may stand in the way reads it at Stripe and takes it over.
 *
 * @param transactionId our row of the payment
 * @param paymentIntent {@code pi_…}
 */
public record RefundDoubted(UUID transactionId, String paymentIntent) {
}
