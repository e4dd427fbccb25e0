package io.coachpay.inbox;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Measures the inbox. Types without a handler are counted together: anybody may invent them. */
@ApplicationScoped
class InboxMetrics {

    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final EventHandlers handlers;
    private final Timer lag;
    private final DistributionSummary together;
    private final Counter parted;
    private final Map<Lane, AtomicLong> waiting = new EnumMap<>(Lane.class);
    private final Map<Lane, AtomicLong> oldestMillis = new EnumMap<>(Lane.class);
    private final AtomicLong dead = new AtomicLong();

    InboxMetrics(MeterRegistry registry, EventHandlers handlers) {
        this.registry = registry;
        this.handlers = handlers;
        lag = Timer.builder("coachpay.inbox.lag").description("From an event's acceptance until it was applied")
                .publishPercentiles(0.5, 0.99).register(registry);
        together = DistributionSummary.builder("coachpay.inbox.together")
                .description("Events that were applied in one database transaction, in a bunch or a series").register(registry);
        parted = Counter.builder("coachpay.inbox.parted")
                .description("Database transactions of several events that were rolled back, to apply the events apart")
                .register(registry);
        for (Lane lane : Lane.values()) {
            waiting.put(lane, new AtomicLong());
            oldestMillis.put(lane, new AtomicLong());
            Gauge.builder("coachpay.inbox.waiting", at(waiting, lane), AtomicLong::get).tag("lane", lane.code())
                    .description("Events that are not finished, counted up to 10,000").register(registry);
            Gauge.builder("coachpay.inbox.oldest", at(oldestMillis, lane), millis -> millis.get() / 1000.0)
                    .baseUnit("seconds").tag("lane", lane.code()).description("Age of the oldest event that is not finished")
                    .register(registry);
        }
        Gauge.builder("coachpay.inbox.dead", dead, AtomicLong::get)
                .description("Events that were given up and wait for an administrator").register(registry);
    }

    /** The end of an event. */
    enum Outcome {
        ACCEPTED,
        DUPLICATE,
        IGNORED,
        PROCESSED,
        FAILED,
        LAPSED,
        DEAD
    }

    void count(Endpoint endpoint, String type, Outcome outcome) {
        registry.counter("coachpay.inbox.events", "endpoint", endpoint.code(), "type",
                handlers.of(endpoint, type).isEmpty() ? OTHER : type, "outcome", tag(outcome)).increment();
    }

    void refused(Endpoint endpoint, WebhookRefused.Reason reason) {
        registry.counter("coachpay.inbox.refused", "endpoint", endpoint.code(), "reason", tag(reason)).increment();
    }

    void applied(Claimed claimed, Instant now) {
        count(claimed.endpoint(), claimed.type(), Outcome.PROCESSED);
        lag.record(Math.max(0, Duration.between(claimed.receivedAt(), now).toNanos()), TimeUnit.NANOSECONDS);
    }

    void together(int events) {
        together.record(events);
    }

    void parted() {
        parted.increment();
    }

    void backlog(Lane lane, EventClaims.Backlog backlog) {
        at(waiting, lane).set(backlog.waiting());
        at(oldestMillis, lane).set(backlog.oldest().toMillis());
    }

    void dead(long events) {
        dead.set(events);
    }

    private static AtomicLong at(Map<Lane, AtomicLong> figures, Lane lane) {
        return Objects.requireNonNull(figures.get(lane));
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
