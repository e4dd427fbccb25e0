package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;

/** Refunds, steps and fees of payouts that wait for Stripe or for funds: how many, how much, and since when. */
@ApplicationScoped
class WaitingMetrics {

    private static final Duration KEPT = Duration.ofSeconds(10);
    private static final List<String> WHAT = List.of("refund", "step", "payout_fee");

    private static final String WAITING = """
            select what, currency, count(*) as waiting, sum(amount) as amount, min(created_at) as oldest from (
              select 'refund' as what, currency, amount, created_at from refunds
               where status = 'requested' or status = 'pending' and pending_reason = 'insufficient_funds'
              union all
              select 'step', currency, amount, created_at from transfer_steps where status in ('requested', 'waiting_for_funds')
              union all
              select 'payout_fee', currency, fee, created_at from payouts
               where fee > 0 and stripe_payout_id is not null and stripe_fee_transfer_id is null and fee_refusal is null
            ) as waiting group by what, currency""";

    private final MeterRegistry registry;
    private final Access access;
    private final Rows rows;
    private final Clock clock;
    private final MultiGauge amount;
    private List<Waiting> waiting = List.of();
    private long readAt = System.nanoTime() - KEPT.toNanos();

    WaitingMetrics(MeterRegistry registry, Access access, DataSource database, Clock clock) {
        this.registry = registry;
        this.access = access;
        this.rows = new Rows(database);
        this.clock = clock;
        this.amount = MultiGauge.builder("coachpay.waiting.amount").description("What they are about together")
                .register(registry);
    }

    private record Waiting(String what, String currency, long count, BigDecimal amount, Instant oldest) {
    }

    void register(@Observes StartupEvent start) {
        for (String what : WHAT) {
            Gauge.builder("coachpay.waiting.count", () -> of(what).stream().mapToLong(Waiting::count).sum()).tag("what", what)
                    .description("Refunds, steps and fees of payouts that Stripe has not made yet").register(registry);
            Gauge.builder("coachpay.waiting.age", () -> age(what)).tag("what", what).baseUnit("seconds")
                    .description("How long the oldest of them has waited").register(registry);
        }
    }

    private double age(String what) {
        return of(what).stream().map(Waiting::oldest).min(Instant::compareTo)
                .map(oldest -> Duration.between(oldest, clock.instant()).toMillis() / 1000.0).orElse(0.0);
    }

    private List<Waiting> of(String what) {
        return waiting().stream().filter(each -> each.what.equals(what)).toList();
    }

    /** One look at the database serves all gauges of a scrape. */
    private synchronized List<Waiting> waiting() {
        if (System.nanoTime() - readAt >= KEPT.toNanos()) {
            List<Waiting> before = waiting;
            waiting = access.asService(() -> rows.query(WAITING, row -> new Waiting(row.getString("what"),
                    row.getString("currency"), row.getLong("waiting"), row.getBigDecimal("amount"),
                    Rows.instant(row, "oldest"))));
            amount.register(amounts(before), true);
            readAt = System.nanoTime();
        }
        return waiting;
    }

    /** What no longer waits is told as nothing once more, so that a curve ends there. */
    private List<MultiGauge.Row<?>> amounts(List<Waiting> before) {
        Map<Tags, BigDecimal> all = new TreeMap<>((one, other) -> one.toString().compareTo(other.toString()));
        before.forEach(each -> all.put(tags(each), BigDecimal.ZERO));
        waiting.forEach(each -> all.put(tags(each), each.amount));
        List<MultiGauge.Row<?>> told = new ArrayList<>();
        all.forEach((tags, sum) -> told.add(MultiGauge.Row.of(tags, sum)));
        return told;
    }

    private static Tags tags(Waiting waiting) {
        return Tags.of("what", waiting.what, "currency", waiting.currency);
    }
}
