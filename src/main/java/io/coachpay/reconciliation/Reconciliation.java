package io.coachpay.reconciliation;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.job.Background;
import io.quarkus.runtime.ShutdownEvent;

/** Compares our books with Stripe's. A finding stays open until a run no longer finds it. */
@ApplicationScoped
public class Reconciliation {

    private static final Logger LOG = Logger.getLogger(Reconciliation.class);

    private final Access access;
    private final ReconciliationRuns runs;
    private final Findings findings;
    private final Adjustments adjustments;
    private final ReconciliationRunner reconciling;
    private final Clock clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "reconciliation"));
    private final ScheduledExecutorService beats = Executors
            .newSingleThreadScheduledExecutor(work -> new Thread(work, "reconciliation-beat"));

    Reconciliation(Access access, ReconciliationRuns runs, Findings findings, Adjustments adjustments,
            ReconciliationRunner reconciling,
            Clock clock) {
        this.access = access;
        this.runs = runs;
        this.findings = findings;
        this.adjustments = adjustments;
        this.reconciling = reconciling;
        this.clock = clock;
    }

    void stop(@Observes ShutdownEvent shutdown) {
        thread.shutdownNow();
        beats.shutdownNow();
    }

    /**
     * The state of reconciliation.
     *
     * @param running the run under way; null when there is none
     * @param last the last completed run; null before the first
     * @param open the number of open findings, by cause
     */
    record Standing(@Nullable ReconciliationRun running, @Nullable ReconciliationRun last, Map<Cause, Long> open) {
    }

    Standing standing() {
        return access.asAdmin(() -> new Standing(runs.running().orElse(null), runs.last().orElse(null), findings.counts()));
    }

    List<Finding> findings(boolean resolved, @Nullable Cause cause, @Nullable String account, UUID before, int limit) {
        return access.asAdmin(() -> findings.list(resolved, cause, account, before, limit));
    }

    /**
     * Records an administrator's note on a finding. A finding about something past that cannot be undone is closed by it at the
     * next run.
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

    /**
     * Books the balance transaction of a finding as Stripe has it. The finding closes at the next run, which no longer finds
     * it.
     *
     * @throws NotFound when there is none (404)
     * @throws AdjustmentRefused when there is nothing to book, or it is booked by itself (409)
     */
    Adjustment book(UUID id, String reason) {
        UUID administrator = access.asAdmin(access::userId);
        return adjustments.book(id, reason, administrator);
    }

    /** Begins a run that continues after the answer; returns the one under way, if there is one. */
    ReconciliationRun begin() {
        UUID administrator = access.asAdmin(access::userId);
        Optional<ReconciliationRun> begun = access.asService(() -> runs.begin(administrator, clock.instant()));
        if (begun.isEmpty()) {
            return access.asService(() -> runs.running().or(runs::last).orElseThrow());
        }
        ReconciliationRun run = begun.get();
        thread.execute(() -> Background.run("job", "reconciliation", () -> workApart(run.id())));
        return run;
    }

    /** Runs on this thread, unless another run is under way. */
    void run() {
        Optional<ReconciliationRun> begun = access.asService(() -> runs.begin(null, clock.instant()));
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
        ScheduledFuture<?> beat = beats.scheduleWithFixedDelay(() -> beat(id), ReconciliationRuns.BEAT.toSeconds(),
                ReconciliationRuns.BEAT.toSeconds(),
                TimeUnit.SECONDS);
        try {
            reconciling.run(id);
        } catch (RuntimeException | Error failure) {
            access.runAsService(() -> runs.fail(id, String.valueOf(failure.getMessage()), clock.instant()));
            throw failure;
        } finally {
            beat.cancel(false);
        }
    }

    private void beat(UUID id) {
        try {
            Background.run("job", "reconciliation", () -> access.runAsService(() -> runs.isAlive(id)));
        } catch (RuntimeException failure) {
            // After some of these another run begins beside this one, which does no harm.
            LOG.warn("A reconciliation could not record its heartbeat", failure);
        }
    }
}
