package io.coachpay.subscription;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Knows when Stripe charges again for a subscription that is past due. The package of invoices implements it. */
public interface RetryTimes {

    /**
     * When Stripe tries next to charge the subscription's open invoice; null when it will not. Called inside a database
     * transaction.
     */
    @Nullable
    Instant retryAt(UUID subscriptionId);
}
