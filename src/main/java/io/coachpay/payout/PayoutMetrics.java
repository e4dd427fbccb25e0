package io.coachpay.payout;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.micrometer.core.instrument.MeterRegistry;

/** What becomes of payouts, and why coaches are not paid. */
@ApplicationScoped
class PayoutMetrics {

    private final MeterRegistry registry;

    PayoutMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Counts one more.
     *
     * @param outcome the state that a payout came to, or {@code skipped} for a turn without one
     * @param reason a code; null where there is nothing to tell
     */
    void count(String outcome, @Nullable String reason) {
        registry.counter("coachpay.payouts", "outcome", outcome, "reason", reason == null ? "none" : reason).increment();
    }
}
