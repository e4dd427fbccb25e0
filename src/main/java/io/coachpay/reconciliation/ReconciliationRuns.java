package io.coachpay.reconciliation;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;

/** Stores runs, of which one at most is under way. All verbs join a database transaction. */
@ApplicationScoped
class ReconciliationRuns {

    /** The pause between heartbeats of a run. */
    static final Duration BEAT = Duration.ofSeconds(5);

    /** A run that has missed six heartbeats died with its process. */
    private static final String BURY = """
            update reconciliation_runs set status = 'failed', step = null, finished_at = ?, failure = 'It was cut off'
             where status = 'running' and updated_at < now() - ? * interval '1 second'""";
    private static final String BEGIN = """
            insert into reconciliation_runs (id, status, step, started_at, requested_by) values (?, 'running', 'begun', ?, ?)
            on conflict do nothing""";
    private static final String STEP = "update reconciliation_runs set step = ?, accounts = greatest(accounts, ?) where id = ? and status = 'running'";
    /** A trigger sets the time. */
    private static final String ALIVE = "update reconciliation_runs set step = step where id = ? and status = 'running'";
    private static final String END = """
            update reconciliation_runs
               set status = 'done', step = null, finished_at = ?, open_findings = ?, drift = ?::jsonb, balance_transactions = ?,
                   books_at = ?, sweep_began = ?, sweep_at = ?
             where id = ? and status = 'running'""";
    private static final String MARK = """
            select now() as now, books_at, sweep_began, sweep_at from (values (1)) as one (row)
              left join (select * from reconciliation_runs where status = 'done' order by id desc limit 1) as last on true""";
    private static final String FAIL = """
            update reconciliation_runs set status = 'failed', step = null, finished_at = ?, failure = ?
             where id = ? and status = 'running'""";
    private static final String FIND = "select * from reconciliation_runs where id = ?";
    private static final String RUNNING = "select * from reconciliation_runs where status = 'running'";
    private static final String LAST = "select * from reconciliation_runs where status = 'done' order by id desc limit 1";

    private final Rows rows;

    ReconciliationRuns(DataSource database) {
        this.rows = new Rows(database);
    }

    /** Begins a run; empty while another one is under way. */
    Optional<ReconciliationRun> begin(@Nullable UUID requestedBy, Instant now) {
        rows.update(BURY, now, BEAT.multipliedBy(6).toSeconds());
        UUID id = Ids.next();
        return rows.update(BEGIN, id, now, requestedBy) == 0 ? Optional.empty() : Optional.of(find(id));
    }

    void step(UUID id, String step, long accounts) {
        rows.update(STEP, step, accounts, id);
    }

    /** Records a heartbeat, even when the run has nothing new to report. */
    void isAlive(UUID id) {
        rows.update(ALIVE, id);
    }

    /**
     * The starting point of a run.
     *
     * @param now by the database's clock: later changes are for the next run
     * @param booksAt everything touched before agreed, or was found to differ, by the same clock
     * @param sweep the progress of the comparison of all books
     */
    record Mark(Instant now, Instant booksAt, Sweep sweep) {
    }

    /** Without a mark, the first run begins one, and goes through all books. */
    Mark mark() {
        return rows.query(MARK, row -> {
            Instant booksAt = Rows.instantOrNull(row, "books_at");
            Instant now = Rows.instant(row, "now");
            return booksAt == null ? new Mark(now, now, Sweep.NONE)
                    : new Mark(now, booksAt, Sweep.of(Rows.instantOrNull(row, "sweep_began"), row.getString("sweep_at")));
        }).get(0);
    }

    /**
     * The starting point of the next run.
     *
     * @param lines how many of Stripe's balance transactions this run compared
     * @param booksAt the next run's mark
     */
    record Next(long lines, Instant booksAt, Sweep sweep) {
    }

    void end(UUID id, long openFindings, Map<String, BigDecimal> drift, Next next, Instant now) {
        String json = drift.entrySet().stream()
                .map(each -> "\"" + each.getKey() + "\": \"" + each.getValue().toPlainString() + "\"")
                .collect(Collectors.joining(", ", "{", "}"));
        rows.update(END, now, openFindings, json, next.lines(), next.booksAt(), next.sweep().began(),
                next.sweep().column(), id);
    }

    void fail(UUID id, String failure, Instant now) {
        rows.update(FAIL, now, failure, id);
    }

    ReconciliationRun find(UUID id) {
        return rows.query(FIND, ReconciliationRun::of, id).get(0);
    }

    Optional<ReconciliationRun> running() {
        return first(rows.query(RUNNING, ReconciliationRun::of));
    }

    /** The last completed run. */
    Optional<ReconciliationRun> last() {
        return first(rows.query(LAST, ReconciliationRun::of));
    }

    private static Optional<ReconciliationRun> first(List<ReconciliationRun> runs) {
        return runs.stream().findFirst();
    }
}
