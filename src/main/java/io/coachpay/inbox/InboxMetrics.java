package io.coachpay.inbox;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What can be seen of the inbox from outside. Types that nobody takes are counted together: anybody may invent them. */
@ApplicationScoped
class InboxMetrics {

    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final EventHandlers handlers;
    private final Timer lag;
    private final AtomicLong oldestMillis = new AtomicLong();
    private final AtomicLong dead = new AtomicLong();

    InboxMetrics(MeterRegistry registry, EventHandlers handlers) {
        this.registry = registry;
        this.handlers = handlers;
        lag = Timer.builder("coachpay.inbox.lag").description("From an event's acceptance until it was applied")
                .publishPercentiles(0.5, 0.99).register(registry);
        Gauge.builder("coachpay.inbox.oldest", oldestMillis, millis -> millis.get() / 1000.0).baseUnit("seconds")
                .description("Age of the oldest event that is not finished").register(registry);
        Gauge.builder("coachpay.inbox.dead", dead, AtomicLong::get)
                .description("Events that were given up and wait for an administrator").register(registry);
    }

    /** What became of an event. */
    enum Outcome {
        ACCEPTED,
        DUPLICATE,
        IGNORED,
        PROCESSED,
        FAILED,
        DEAD
    }

    void count(Endpoint endpoint, String type, Outcome outcome) {
        registry.counter("coachpay.inbox.events", "endpoint", endpoint.code(), "type",
                handlers.of(endpoint, type).isEmpty() ? OTHER : type, "outcome", tag(outcome)).increment();
    }

    void refused(Endpoint endpoint, WebhookRefused.Reason reason) {
        registry.counter("coachpay.inbox.refused", "endpoint", endpoint.code(), "reason", tag(reason)).increment();
    }

    void applied(Duration afterAcceptance) {
        lag.record(Math.max(0, afterAcceptance.toNanos()), TimeUnit.NANOSECONDS);
    }

    void backlog(Duration oldest, long deadEvents) {
        oldestMillis.set(oldest.toMillis());
        dead.set(deadEvents);
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
