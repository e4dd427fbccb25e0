package io.coachpay.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Kept;
import io.coachpay.job.AccountSource;
import io.coachpay.job.Cursors;
import io.coachpay.job.Cursors.Lateness;
import io.coachpay.job.StripeList;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/** Measures how far behind the listings of events are, as every instance reads it from the database. */
@ApplicationScoped
class BackfillMetrics {

    private static final String PLATFORM = "select 'platform' as account";

    private final MeterRegistry registry;
    private final Cursors cursors;
    private final AccountSource accounts;
    private final Clock clock;
    private final Kept<Map<Endpoint, Lateness>> lateness;

    BackfillMetrics(MeterRegistry registry, Access access, DataSource database, AccountSource accounts, Clock clock) {
        this.registry = registry;
        this.cursors = new Cursors(database, StripeList.EVENTS);
        this.accounts = accounts;
        this.clock = clock;
        this.lateness = new Kept<>(access, Map.of(), this::read, (before, now) -> {
        });
    }

    void register(@Observes StartupEvent start) {
        for (Endpoint endpoint : Endpoint.values()) {
            Gauge.builder("coachpay.inbox.backfill.age", () -> since(of(endpoint).oldest())).baseUnit("seconds")
                    .tag("endpoint", endpoint.code()).description("How long ago the mark is that is farthest behind")
                    .register(registry);
            Gauge.builder("coachpay.inbox.backfill.overdue", () -> Math.max(0, since(of(endpoint).due()))).baseUnit("seconds")
                    .tag("endpoint", endpoint.code()).description("How long the account has been due that waits longest")
                    .register(registry);
            Gauge.builder("coachpay.inbox.backfill.failing", () -> of(endpoint).failing()).tag("endpoint", endpoint.code())
                    .description("Accounts whose events could not be listed at the last try").register(registry);
        }
    }

    private Lateness of(Endpoint endpoint) {
        return lateness.value().getOrDefault(endpoint, Lateness.NONE);
    }

    private Map<Endpoint, Lateness> read() {
        return Map.of(Endpoint.PLATFORM, cursors.lateness(PLATFORM), Endpoint.CONNECT, cursors.lateness(accounts.query()));
    }

    private double since(@Nullable Instant then) {
        return then == null ? Double.NaN : Duration.between(then, clock.instant()).toMillis() / 1000.0;
    }
}
