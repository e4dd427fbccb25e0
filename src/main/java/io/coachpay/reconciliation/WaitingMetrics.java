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
import io.coachpay.access.Kept;
import io.coachpay.access.Rows;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;

/**
 * Measures refunds, transfer requests and fees of payouts that wait for Stripe or for funds, and held payments that wait for a
 * person: how many, how much, since when.
 */
@ApplicationScoped
class WaitingMetrics {

    private static final List<String> WHAT = List.of("refund", "step", "payout_fee", "held_payment");

    private static final String WAITING = """
            select what, currency, count(*) as waiting, sum(amount) as amount, min(created_at) as oldest from (
              select 'refund' as what, currency, amount, created_at from refunds
               where status = 'requested' or status = 'pending' and pending_reason = 'insufficient_funds'
              union all
              select 'step', currency, amount, created_at from transfer_steps where status in ('requested', 'waiting_for_funds')
              union all
              select 'payout_fee', currency, fee, created_at from payouts
               where fee > 0 and stripe_payout_id is not null and stripe_fee_transfer_id is null and fee_refusal is null
              union all
              select 'held_payment', currency, amount - refunded_amount, held_at from transactions
               where held_at is not null and refunded_amount < amount
            ) as waiting group by what, currency""";

    private final MeterRegistry registry;
    private final Rows rows;
    private final Clock clock;
    private final MultiGauge amount;
    private final Kept<List<Waiting>> waiting;

    WaitingMetrics(MeterRegistry registry, Access access, DataSource database, Clock clock) {
        this.registry = registry;
        this.rows = new Rows(database);
        this.clock = clock;
        this.amount = MultiGauge.builder("coachpay.waiting.amount").description("What they are about together")
                .register(registry);
        this.waiting = new Kept<>(access, List.of(), this::read,
                (before, now) -> amount.register(amounts(before, now), true));
    }

    private record Waiting(String what, String currency, long count, BigDecimal amount, Instant oldest) {
    }

    void register(@Observes StartupEvent start) {
        for (String what : WHAT) {
            Gauge.builder("coachpay.waiting.count", () -> of(what).stream().mapToLong(Waiting::count).sum()).tag("what", what)
                    .description("Refunds, steps and fees of payouts that Stripe has not made yet, and held payments")
                    .register(registry);
            Gauge.builder("coachpay.waiting.age", () -> age(what)).tag("what", what).baseUnit("seconds")
                    .description("How long the oldest of them has waited").register(registry);
        }
    }

    private double age(String what) {
        return of(what).stream().map(Waiting::oldest).min(Instant::compareTo)
                .map(oldest -> Duration.between(oldest, clock.instant()).toMillis() / 1000.0).orElse(0.0);
    }

    private List<Waiting> of(String what) {
        return waiting.value().stream().filter(each -> each.what.equals(what)).toList();
    }

    private List<Waiting> read() {
        return rows.query(WAITING, row -> new Waiting(row.getString("what"), row.getString("currency"), row.getLong("waiting"),
                row.getBigDecimal("amount"), Rows.instant(row, "oldest")));
    }

    /** A series that no longer waits is set to zero once more, so that its curve ends there. */
    private static List<MultiGauge.Row<?>> amounts(List<Waiting> before, List<Waiting> now) {
        Map<Tags, BigDecimal> all = new TreeMap<>((one, other) -> one.toString().compareTo(other.toString()));
        before.forEach(each -> all.put(tags(each), BigDecimal.ZERO));
        now.forEach(each -> all.put(tags(each), each.amount));
        List<MultiGauge.Row<?>> told = new ArrayList<>();
        all.forEach((tags, sum) -> told.add(MultiGauge.Row.of(tags, sum)));
        return told;
    }

    private static Tags tags(Waiting waiting) {
        return Tags.of("what", waiting.what, "currency", waiting.currency);
    }
}
