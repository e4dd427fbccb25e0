package io.coachpay.payout;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jspecify.annotations.Nullable;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/** Counts payouts by outcome, and the reasons why coaches are not paid. */
@ApplicationScoped
class PayoutMetrics {

    private final MeterRegistry registry;
    private final PayoutSettings settings;

    PayoutMetrics(MeterRegistry registry, PayoutSettings settings) {
        this.registry = registry;
        this.settings = settings;
    }

    void register(@Observes StartupEvent start) {
        Gauge.builder("coachpay.payouts.held", () -> settings.hold() ? 1 : 0).description("1 while payouts are held")
                .register(registry);
    }

    /**
     * Counts one more.
     *
     * @param outcome the state that a payout came to, or {@code skipped} for a turn without one
     * @param reason a code; null without one
     */
    void count(String outcome, @Nullable String reason) {
        registry.counter("coachpay.payouts", "outcome", outcome, "reason", reason == null ? "none" : reason).increment();
    }
}
