package io.coachpay.stripe;

import java.util.UUID;

/**
 * A subscription that is to begin.
 *
 * @param coachpayId our row, which the subscription, and a page on which it begins, carry in their metadata
 * @param customerId who pays, {@code cus_…}
 * @param priceId what is paid at each interval, {@code price_…}
 * @param trialDays how long nothing is paid at the beginning; 0 for no trial
 * @param taxed whether Stripe adds tax by the customer's address
 */
public record NewStripeSubscription(UUID coachpayId, String customerId, String priceId, int trialDays, boolean taxed) {
}
