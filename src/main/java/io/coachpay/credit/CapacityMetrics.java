package io.coachpay.credit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.coachpay.access.Access;
import io.coachpay.access.Kept;
import io.coachpay.money.Credits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/** Measures how many credits the platform owes, and how many it may owe. */
@ApplicationScoped
class CapacityMetrics {

    private static final Capacity.State NONE = new Capacity.State(null, Credits.NONE, Credits.NONE);

    private final MeterRegistry registry;
    private final Kept<Capacity.State> state;

    CapacityMetrics(MeterRegistry registry, Access access, Capacity capacity) {
        this.registry = registry;
        this.state = new Kept<>(access, NONE, capacity::read, (before, now) -> {
        });
    }

    void register(@Observes StartupEvent start) {
        Gauge.builder("coachpay.credits", () -> state.value().outstanding().amount()).tag("state", "outstanding")
                .description("Credits in wallets and in sessions paid with them").register(registry);
        Gauge.builder("coachpay.credits", () -> state.value().reserved().amount()).tag("state", "reserved")
                .description("Credits that open purchases reserve").register(registry);
        Gauge.builder("coachpay.credits.limit", this::limit).description("Credits that there may be; NaN without a limit")
                .register(registry);
    }

    private double limit() {
        Credits limit = state.value().limit();
        return limit == null ? Double.NaN : limit.amount().doubleValue();
    }
}
