package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.balance.BalanceImports;
import io.coachpay.balance.BalanceTransactions;
import io.coachpay.balance.FundsAvailability;
import io.coachpay.balance.LineMatching;
import io.coachpay.reconciliation.BookComparison.Difference;
import io.coachpay.reconciliation.Reading.Books;

/**
 * Makes a run: compares the books that were touched since the last one, and a share of all the rest, names the causes of
 * differences, recovers missed objects, and compares again.
 */
@ApplicationScoped
class ReconciliationRunner {

    private static final Logger LOG = Logger.getLogger(ReconciliationRunner.class);

    /** Anything younger is on its way. */
    private static final Duration YOUNG = Duration.ofMinutes(15);

    private final Access access;
    private final ReconciliationRuns runs;
    private final Findings findings;
    private final BalanceImports imports;
    private final LineMatching matching;
    private final FundsAvailability availability;
    private final CauseAnalysis investigation;
    private final ImportCompleteness balances;
    private final Rows books;
    private final Clock clock;

    ReconciliationRunner(Access access, ReconciliationRuns runs, Findings findings, BalanceImports imports,
            LineMatching matching,
            FundsAvailability availability, CauseAnalysis investigation, ImportCompleteness balances,
            @io.quarkus.agroal.DataSource("service") DataSource database, Clock clock) {
        this.access = access;
        this.runs = runs;
        this.findings = findings;
        this.imports = imports;
        this.matching = matching;
        this.availability = availability;
        this.investigation = investigation;
        this.balances = balances;
        this.books = new Rows(database);
        this.clock = clock;
    }

    /** Makes a run that has begun. No database transaction may be open. */
    void run(UUID id) {
        Instant began = clock.instant();
        Instant young = began.minus(YOUNG);
        step(id, "importing", 0);
        imports.importMoved();
        match(id);
        ReconciliationRuns.Mark mark = access.asService(runs::mark);
        Books first = read(id, mark.booksAt(), access.asService(findings::suspects), mark.sweep().due(began), young);
        step(id, "investigating", 0);
        Map<Findings.Key, Findings.Known> known = new HashMap<>(access.asService(findings::lookedAt));
        CauseAnalysis.Outcome outcome = investigation.explain(first.told(), known, young);
        step(id, "asking for balances", 0);
        ImportCompleteness.Outcome asked = balances.compare(
                first.accounts().stream().map(Difference::account).distinct().toList(),
                accounts -> step(id, "asking for balances", accounts));
        Books last = first;
        if (outcome.told() || asked.imported() || outcome.isUnexplained()) {
            // Lines imported by others since the first matching explain themselves now.
            match(id);
            if (outcome.told() || asked.imported()) {
                record(first, investigation.matched(outcome), asked.found());
            }
            last = readAgain(id, mark, first, young);
            known.putAll(outcome.looked());
            outcome = investigation.explainAgain(last.told(), known, young);
        }
        Instant seen = record(last, outcome.found(), asked.found());
        boolean whole = first.isWhole() && last.isWhole();
        end(id, began, seen, last, asked.compared(),
                whole ? new ReconciliationRuns.Next(first.lines(), mark.now(), first.swept())
                        : new ReconciliationRuns.Next(first.lines(), mark.booksAt(), mark.sweep()));
    }

    private Books read(UUID id, Instant since, Suspects suspects, Sweep sweep, Instant young) {
        step(id, "comparing", 0);
        return new Reading(books, clock, young, () -> step(id, "comparing", 0)).read(since, suspects, sweep);
    }

    /** Reads what was touched since the first time, and what differed then. */
    private Books readAgain(UUID id, ReconciliationRuns.Mark mark, Books first, Instant young) {
        Suspects suspects = access.asService(findings::suspects);
        suspects.add(first.objects(), first.found());
        return read(id, mark.now(), suspects, Sweep.NONE, young);
    }

    private void match(UUID id) {
        step(id, "matching", 0);
        matching.matchAll();
        availability.bookDue();
    }

    private void step(UUID id, String step, long accounts) {
        access.runAsService(() -> runs.step(id, step, accounts));
    }

    private Instant record(Books read, List<Discrepancy> objects, List<Discrepancy> imported) {
        Instant seen = clock.instant();
        List<Discrepancy> found = new ArrayList<>(read.found());
        found.addAll(objects);
        found.addAll(imported);
        read.accounts().forEach(account -> found.addAll(balances(account, objects)));
        access.runAsService(() -> findings.record(found, seen));
        return seen;
    }

    /** An account differs by its objects' differences, and for the same cause. */
    private static List<Discrepancy> balances(Difference account, List<Discrepancy> objects) {
        List<Discrepancy> own = objects.stream().filter(object -> object.account().equals(account.account())
                && account.currency().equals(object.currency())).toList();
        Comparator<Discrepancy> bySize = Comparator
                .comparing(object -> object.amount() == null ? BigDecimal.ZERO : object.amount().abs());
        Optional<Discrepancy> worst = own.stream().filter(object -> object.cause() != Cause.IN_FLIGHT).max(bySize);
        Cause cause = worst.map(Discrepancy::cause).orElse(own.isEmpty() ? Cause.UNKNOWN : Cause.IN_FLIGHT);
        Instant since = own.stream().filter(object -> object.cause() == cause).map(Discrepancy::since)
                .min(Comparator.naturalOrder())
                .orElse(account.last());
        boolean platform = account.account().equals(BalanceTransactions.PLATFORM);
        return Stream.of(balance(Kind.PENDING, account, account.pending(), cause, since),
                balance(platform ? Kind.PLATFORM : Kind.AVAILABLE, account, account.available(), cause, since))
                .flatMap(Optional::stream).toList();
    }

    private static Optional<Discrepancy> balance(Kind kind, Difference account, BigDecimal amount, Cause cause, Instant since) {
        return amount.signum() == 0 ? Optional.empty()
                : Optional.of(
                        new Discrepancy(kind, account.account(), "", account.currency(), amount, null, null, cause, null, since,
                                null));
    }

    private void end(UUID id, Instant began, Instant seen, Books read, Set<String> asked, ReconciliationRuns.Next next) {
        Instant now = clock.instant();
        ReconciliationRun run = access.asService(() -> {
            findings.resolveUnseen(seen, read.more(), asked, now);
            long open = findings.counts().values().stream().mapToLong(Long::longValue).sum();
            runs.end(id, open, findings.drift(), next, now);
            return runs.find(id);
        });
        LOG.infof("Reconciled %d balance transactions in %d ms, %d accounts with Stripe's balance: drift %s, %d findings open",
                run.balanceTransactions(), Duration.between(began, now).toMillis(), run.accounts(), run.drift(),
                run.openFindings());
    }
}
