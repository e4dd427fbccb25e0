package io.coachpay.subscription;

import java.util.UUID;

/**
 * Fired when a subscription turns out to be its owner's second, and once more when it has ended, in the same database
 * transaction: it is cancelled at Stripe, and all that was paid for it by then goes back.
 *
 * @param id ours
 */
public record SubscriptionExceeds(UUID id) {
}
