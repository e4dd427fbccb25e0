package io.coachpay.subscription;

import java.util.UUID;

/**
 * Fired when a subscription turns out to be its owner's second, in the same database transaction: it is cancelled at Stripe,
 * and
 * what was paid for it goes back.
 *
 * @param id ours
 */
public record SubscriptionExceeds(UUID id) {
}
