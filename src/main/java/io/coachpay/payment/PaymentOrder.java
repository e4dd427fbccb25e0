package io.coachpay.payment;

import java.time.Instant;
import java.util.UUID;

import io.coachpay.money.Split;

/**
 * What is to be paid for a coaching session.
 *
 * @param split price, fee and payout, frozen at booking
 * @param destinationAccount the coach's account at Stripe, {@code acct_…}
 * @param onBehalfOf whether the charge settles in the coach's country instead of the platform's
 * @param until when it cannot be paid any more: the session begins, or its slot has been held as long as one may be
 * @param description what the payer reads on Stripe's page
 */
public record PaymentOrder(UUID sessionId, UUID payerId, UUID coachId, Split split, String destinationAccount,
        boolean onBehalfOf, Instant until, String description) {
}
