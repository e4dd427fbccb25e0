package io.coachpay.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Kept;
import io.coachpay.access.Rows;
import io.coachpay.job.AccountSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;

/** Measures how far behind the listings of events are, as every instance reads it from the database. */
@ApplicationScoped
class BackfillMetrics {

    private static final String LATENESS = """
            select case m.account when 'platform' then 'platform' else 'connect' end as endpoint, min(m.listed_until) as oldest,
                   min(coalesce(m.next_at, m.listed_until)) as due, count(*) filter (where m.failures > 0) as failing
              from event_marks m
             where m.listed_until is not null
               and (m.account = 'platform' or exists (select from (%s) as a where a.account = m.account))
             group by 1""";
    private static final Lateness NONE = new Lateness(null, null, 0);

    private final MeterRegistry registry;
    private final Rows rows;
    private final AccountSource accounts;
    private final Clock clock;
    private final Kept<Map<Endpoint, Lateness>> lateness;

    BackfillMetrics(MeterRegistry registry, Access access, DataSource database, AccountSource accounts, Clock clock) {
        this.registry = registry;
        this.rows = new Rows(database);
        this.accounts = accounts;
        this.clock = clock;
        this.lateness = new Kept<>(access, Map.of(), this::read, (before, now) -> {
        });
    }

    /**
     * The delay of listings.
     *
     * @param oldest the mark that is farthest behind; null when there is none
     * @param due the due time of the account that has waited longest, or is due first
     * @param failing accounts whose last listing stopped
     */
    private record Lateness(@Nullable Instant oldest, @Nullable Instant due, long failing) {
    }

    private record Row(Endpoint endpoint, Lateness lateness) {
    }

    void register(@Observes StartupEvent start) {
        for (Endpoint endpoint : Endpoint.values()) {
            Gauge.builder("coachpay.inbox.backfill.age", () -> since(of(endpoint).oldest)).baseUnit("seconds")
                    .tag("endpoint", endpoint.code()).description("How long ago the mark is that is farthest behind")
                    .register(registry);
            Gauge.builder("coachpay.inbox.backfill.overdue", () -> Math.max(0, since(of(endpoint).due))).baseUnit("seconds")
                    .tag("endpoint", endpoint.code()).description("How long the account has been due that waits longest")
                    .register(registry);
            Gauge.builder("coachpay.inbox.backfill.failing", () -> of(endpoint).failing).tag("endpoint", endpoint.code())
                    .description("Accounts whose events could not be listed at the last try").register(registry);
        }
    }

    private Lateness of(Endpoint endpoint) {
        return lateness.value().getOrDefault(endpoint, NONE);
    }

    private Map<Endpoint, Lateness> read() {
        return rows
                .query(LATENESS.formatted(accounts.query()),
                        row -> new Row(Endpoint.of(row.getString("endpoint")), new Lateness(
                                Rows.instantOrNull(row, "oldest"), Rows.instantOrNull(row, "due"), row.getLong("failing"))))
                .stream()
                .collect(Collectors.toMap(Row::endpoint, Row::lateness));
    }

    private double since(@Nullable Instant then) {
        return then == null ? Double.NaN : Duration.between(then, clock.instant()).toMillis() / 1000.0;
    }
}
