package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Kept;
import io.coachpay.balance.BalanceImports;
import io.coachpay.job.Cursors.Lateness;
import io.coachpay.payout.PayoutListings;
import io.coachpay.user.Currencies;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;

/** Measures the distance between our books and Stripe's, as every instance reads it from the database. */
@ApplicationScoped
class ReconciliationMetrics {

    private static final Figures NONE = new Figures(Map.of(), Map.of(), Optional.empty(), Lateness.NONE, Lateness.NONE,
            Map.of());

    private final MeterRegistry registry;
    private final Currencies currencies;
    private final ReconciliationRuns runs;
    private final Findings findings;
    private final CoachDebts debts;
    private final BalanceImports imports;
    private final PayoutListings payouts;
    private final Clock clock;
    private final MultiGauge drift;
    private final MultiGauge debt;
    private final MultiGauge debtors;
    private final Kept<Figures> figures;

    ReconciliationMetrics(MeterRegistry registry, Currencies currencies, Access access, ReconciliationRuns runs,
            Findings findings,
            CoachDebts debts, BalanceImports imports, PayoutListings payouts, Clock clock) {
        this.registry = registry;
        this.currencies = currencies;
        this.runs = runs;
        this.findings = findings;
        this.debts = debts;
        this.imports = imports;
        this.payouts = payouts;
        this.clock = clock;
        this.drift = MultiGauge.builder("coachpay.reconciliation.drift")
                .description("Unexplained differences between our balances and Stripe's, signs left out").register(registry);
        this.debt = MultiGauge.builder("coachpay.coach.debt").description("What coaches owe the platform").register(registry);
        this.debtors = MultiGauge.builder("coachpay.coach.debtors").description("How many coaches owe it").register(registry);
        this.figures = new Kept<>(access, NONE, this::read, (before, now) -> tell(now));
    }

    private record Figures(Map<String, BigDecimal> drift, Map<Cause, Long> open, Optional<ReconciliationRun> last,
            Lateness imports, Lateness payouts, Map<String, CoachDebts.Total> debts) {
    }

    void register(@Observes StartupEvent start) {
        tell(NONE);
        Arrays.stream(Cause.values()).forEach(cause -> Gauge
                .builder("coachpay.reconciliation.findings", () -> figures.value().open.getOrDefault(cause, 0L))
                .tag("cause", cause.code()).description("Findings that are open").register(registry));
        Gauge.builder("coachpay.reconciliation.age", this::age).baseUnit("seconds")
                .description("Since the last run ended").register(registry);
        Gauge.builder("coachpay.reconciliation.duration", this::duration).baseUnit("seconds")
                .description("How long the last run took").register(registry);
        Gauge.builder("coachpay.reconciliation.imports.failing", () -> figures.value().imports.failing())
                .description("Accounts whose balance transactions could not be imported at the last try").register(registry);
        Gauge.builder("coachpay.reconciliation.imports.age", this::importAge).baseUnit("seconds")
                .description("How far behind the import is that is farthest behind").register(registry);
        listing("balance-transactions", all -> all.imports.oldest(), all -> all.imports.due());
        listing("payouts", all -> all.payouts.oldest(), all -> all.payouts.due());
        age("balances", all -> all.imports.compared());
    }

    private void listing(String name, Function<Figures, @Nullable Instant> oldest,
            Function<Figures, @Nullable Instant> due) {
        age(name, oldest);
        Gauge.builder("coachpay.listings.overdue", () -> Math.max(0, since(due))).tag("listing", name).baseUnit("seconds")
                .description("How long the account has been due that has waited longest").register(registry);
    }

    private void age(String name, Function<Figures, @Nullable Instant> oldest) {
        Gauge.builder("coachpay.listings.age", () -> since(oldest)).tag("listing", name).baseUnit("seconds")
                .description("How long ago the account was listed that was so the longest ago").register(registry);
    }

    private double since(Function<Figures, @Nullable Instant> figure) {
        Instant at = figure.apply(figures.value());
        return at == null ? Double.NaN : Duration.between(at, clock.instant()).toMillis() / 1000.0;
    }

    /** Currencies that the platform settles in, and any other in which something differs. */
    private List<MultiGauge.Row<?>> rows(Map<String, BigDecimal> differing) {
        Map<String, BigDecimal> all = new TreeMap<>(differing);
        currencies.all().forEach(currency -> all.putIfAbsent(currency.code(), BigDecimal.ZERO));
        return all.entrySet().stream().<MultiGauge.Row<?>> map(
                each -> MultiGauge.Row.of(Tags.of("currency", each.getKey()), each.getValue())).toList();
    }

    private Figures read() {
        return new Figures(findings.drift(), findings.counts(), runs.last(), imports.lateness(), payouts.lateness(),
                debts.totals());
    }

    private void tell(Figures now) {
        drift.register(rows(now.drift), true);
        Map<String, BigDecimal> sums = new TreeMap<>();
        Map<String, BigDecimal> coaches = new TreeMap<>();
        now.debts.forEach((currency, total) -> {
            sums.put(currency, total.debt());
            coaches.put(currency, BigDecimal.valueOf(total.coaches()));
        });
        debt.register(rows(sums), true);
        debtors.register(rows(coaches), true);
    }

    private double age() {
        return figures.value().last.map(ReconciliationRun::finishedAt)
                .map(finished -> Duration.between(finished, clock.instant()).toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    private double duration() {
        return figures.value().last.map(run -> Duration.between(run.startedAt(), finished(run)).toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    private double importAge() {
        return since(all -> all.imports.oldest());
    }

    private static Instant finished(ReconciliationRun run) {
        return run.finishedAt() == null ? run.startedAt() : run.finishedAt();
    }
}
