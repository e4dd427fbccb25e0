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
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.http.NotFound;
import io.coachpay.job.Background;
import io.coachpay.reconciliation.Comparison.Difference;
import io.quarkus.runtime.ShutdownEvent;

/**
 * Our books against Stripe's. A run compares all of them, at one moment of the database; names the cause of what differs; puts
 * right what had been missed, and compares again. What it finds is open until a run no longer finds it.
 */
@ApplicationScoped
public class Reconciliation {

    private static final Logger LOG = Logger.getLogger(Reconciliation.class);

    /** What is younger is on its way. */
    private static final Duration YOUNG = Duration.ofMinutes(15);

    /** For one statement over all books; no transaction of ours is open meanwhile. */
    private static final List<String> AT_LENGTH = List.of("statement_timeout = '10min'", "work_mem = '64MB'");

    private final Access access;
    private final Runs runs;
    private final Findings findings;
    private final LineMatching matching;
    private final Availability availability;
    private final Investigation investigation;
    private final BalanceCheck balances;
    private final Rows books;
    private final Clock clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "reconciliation"));

    Reconciliation(Access access, Runs runs, Findings findings, LineMatching matching, Availability availability,
            Investigation investigation, BalanceCheck balances,
            @io.quarkus.agroal.DataSource("service") DataSource database, Clock clock) {
        this.access = access;
        this.runs = runs;
        this.findings = findings;
        this.matching = matching;
        this.availability = availability;
        this.investigation = investigation;
        this.balances = balances;
        this.books = new Rows(database);
        this.clock = clock;
    }

    void stop(@Observes ShutdownEvent shutdown) {
        thread.shutdownNow();
    }

    /**
     * How things stand.
     *
     * @param running the run under way; null when there is none
     * @param last the last one that came to its end; null before the first
     * @param open how many findings are open, by cause
     */
    record Standing(@Nullable Run running, @Nullable Run last, Map<Cause, Long> open) {
    }

    Standing standing() {
        return access.asAdmin(() -> new Standing(runs.running().orElse(null), runs.last().orElse(null), findings.counts()));
    }

    List<Finding> findings(boolean resolved, @Nullable Cause cause, @Nullable String account, UUID before, int limit) {
        return access.asAdmin(() -> findings.list(resolved, cause, account, before, limit));
    }

    /**
     * Writes down what an administrator knows about a finding. One that tells of something which has happened and cannot be
     * undone
     * is closed by it at the next run.
     *
     * @throws NotFound when there is none
     */
    Finding note(UUID id, String note) {
        UUID administrator = access.asAdmin(access::userId);
        Finding noted = access.asService(() -> findings.note(id, note, administrator));
        if (noted == null) {
            throw new NotFound("finding");
        }
        return noted;
    }

    /** Begins a run that goes on after the answer; the one under way, if there is one. */
    Run begin() {
        UUID administrator = access.asAdmin(access::userId);
        Optional<Run> begun = access.asService(() -> runs.begin(administrator, clock.instant()));
        if (begun.isEmpty()) {
            return access.asService(() -> runs.running().or(runs::last).orElseThrow());
        }
        Run run = begun.get();
        thread.execute(() -> Background.run(() -> workApart(run.id())));
        return run;
    }

    /** Runs here and now, unless another one is under way. */
    void run() {
        Optional<Run> begun = access.asService(() -> runs.begin(null, clock.instant()));
        begun.ifPresent(run -> work(run.id()));
    }

    private void workApart(UUID id) {
        try {
            work(id);
        } catch (RuntimeException failure) {
            LOG.error("The reconciliation failed", failure);
        }
    }

    private void work(UUID id) {
        try {
            reconcile(id);
        } catch (RuntimeException | Error failure) {
            access.runAsService(() -> runs.fail(id, String.valueOf(failure.getMessage()), clock.instant()));
            throw failure;
        }
    }

    private void reconcile(UUID id) {
        Instant began = clock.instant();
        match(id);
        Instant young = began.minus(YOUNG);
        Map<Findings.Key, Findings.Known> known = new HashMap<>(access.asService(findings::lookedAt));
        step(id, "comparing", 0);
        Books read = read(young);
        step(id, "investigating", 0);
        Investigation.Outcome outcome = investigation.explain(read.objects(), known, young);
        step(id, "asking for balances", 0);
        long[] accounts = { 0 };
        List<Found> imported = balances.compare(read.differingAccounts(), count -> {
            accounts[0] = count;
            step(id, "asking for balances", count);
        });
        Instant seen = record(read, outcome.found(), imported);
        if (outcome.told()) {
            match(id);
            known.putAll(outcome.looked());
            step(id, "comparing again", accounts[0]);
            Books again = read(young);
            seen = record(again, investigation.explainAgain(again.objects(), known, young), imported);
        }
        end(id, began, seen, outcome.told());
    }

    private void match(UUID id) {
        step(id, "matching", 0);
        matching.matchAll();
        availability.bookDue();
    }

    private void step(UUID id, String step, long accounts) {
        access.runAsService(() -> runs.step(id, step, accounts));
    }

    /** What the books of one moment tell. */
    private record Books(List<Difference> differences, List<Found> checks) {

        List<Difference> objects() {
            return differences.stream().filter(difference -> difference.object() != null).toList();
        }

        List<Difference> accounts() {
            return differences.stream().filter(difference -> difference.object() == null).toList();
        }

        List<String> differingAccounts() {
            return accounts().stream().map(Difference::account).distinct().toList();
        }
    }

    private Books read(Instant young) {
        Instant now = clock.instant();
        return books.snapshot(AT_LENGTH, snapshot -> new Books(Comparison.differences(snapshot, now),
                Checks.all(snapshot, now, young)));
    }

    private Instant record(Books read, List<Found> objects, List<Found> imported) {
        Instant seen = clock.instant();
        List<Found> found = new ArrayList<>(read.checks());
        found.addAll(objects);
        found.addAll(imported);
        read.accounts().forEach(account -> found.addAll(balances(account, objects)));
        access.runAsService(() -> findings.record(found, seen));
        return seen;
    }

    /** An account differs by what its objects do, and for the same cause. */
    private static List<Found> balances(Difference account, List<Found> objects) {
        List<Found> own = objects.stream().filter(object -> object.account().equals(account.account())
                && account.currency().equals(object.currency())).toList();
        Comparator<Found> bySize = Comparator
                .comparing(object -> object.amount() == null ? BigDecimal.ZERO : object.amount().abs());
        Optional<Found> worst = own.stream().filter(object -> object.cause() != Cause.IN_FLIGHT).max(bySize);
        Cause cause = worst.map(Found::cause).orElse(own.isEmpty() ? Cause.UNKNOWN : Cause.IN_FLIGHT);
        Instant since = own.stream().filter(object -> object.cause() == cause).map(Found::since).min(Comparator.naturalOrder())
                .orElse(account.last());
        boolean platform = account.account().equals(BalanceMirror.PLATFORM);
        return Stream.of(balance(Kind.PENDING, account, account.pending(), cause, since),
                balance(platform ? Kind.PLATFORM : Kind.AVAILABLE, account, account.available(), cause, since))
                .flatMap(Optional::stream).toList();
    }

    private static Optional<Found> balance(Kind kind, Difference account, BigDecimal amount, Cause cause, Instant since) {
        return amount.signum() == 0 ? Optional.empty()
                : Optional.of(new Found(kind, account.account(), "", account.currency(), amount, null, null, cause, null, since,
                        null));
    }

    private void end(UUID id, Instant began, Instant seen, boolean healed) {
        Instant now = clock.instant();
        Run run = access.asService(() -> {
            findings.resolveUnseen(seen, healed, now);
            long open = findings.counts().values().stream().mapToLong(Long::longValue).sum();
            runs.end(id, open, findings.drift(), now);
            return runs.find(id);
        });
        LOG.infof("Reconciled %d balance transactions in %d ms, %d accounts with Stripe's balance: drift %s, %d findings open",
                run.balanceTransactions(), Duration.between(began, now).toMillis(), run.accounts(), run.drift(),
                run.openFindings());
    }
}
