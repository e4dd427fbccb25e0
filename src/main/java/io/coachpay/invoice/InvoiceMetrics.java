package io.coachpay.invoice;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.coachpay.access.Access;
import io.coachpay.access.Kept;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/** Measures how many invoices Stripe cannot finalize, so that nobody pays them. */
@ApplicationScoped
class InvoiceMetrics {

    private final MeterRegistry registry;
    private final Kept<Long> withoutAddress;

    InvoiceMetrics(MeterRegistry registry, Access access) {
        this.registry = registry;
        this.withoutAddress = new Kept<>(access, 0L, InvoiceQueries::withoutAddress, (before, now) -> {
        });
    }

    void register(@Observes StartupEvent start) {
        Gauge.builder("coachpay.invoices.without.address", withoutAddress::value)
                .description("Drafts that Stripe cannot finalize, since it does not know where tax is due").register(registry);
    }
}
