package io.coachpay.invoice;

import java.time.Instant;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.subscription.RetryTimes;

/** Knows when Stripe charges open invoices again, and which drafts wait for an address. */
@ApplicationScoped
class OpenInvoices implements RetryTimes {

    @Override
    public @Nullable Instant retryAt(UUID subscriptionId) {
        return InvoiceQueries.openOf(subscriptionId).map(invoice -> invoice.times().nextAttempt()).orElse(null);
    }

    @Override
    public boolean addressNeeded(UUID subscriptionId) {
        return InvoiceQueries.isAddressNeeded(subscriptionId);
    }
}
