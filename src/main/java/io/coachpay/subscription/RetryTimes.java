package io.coachpay.subscription;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** Knows what the invoices of subscriptions wait for. The package of invoices implements it. */
public interface RetryTimes {

    /**
     * When Stripe tries next to charge the subscription's open invoice; null when it will not. Called inside a database
     * transaction.
     */
    @Nullable
    Instant retryAt(UUID subscriptionId);

    /** Whether an invoice of the subscription waits for its owner's address. Called inside a database transaction. */
    boolean addressNeeded(UUID subscriptionId);
}
