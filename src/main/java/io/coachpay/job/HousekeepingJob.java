package io.coachpay.job;

import java.time.Clock;
import java.time.Duration;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Rows;

/** Deletes expired rows: answers kept for repeated requests, and rate limits that nobody has come near lately. */
@ApplicationScoped
class HousekeepingJob implements Job {

    private static final Logger LOG = Logger.getLogger(HousekeepingJob.class);
    private static final String KEYS = """
            delete from idempotency_keys where id in (select id from idempotency_keys where expires_at <= ? limit ?)""";
    private static final String LIMITS = """
            delete from rate_limit_buckets where id in (select id from rate_limit_buckets where expires_at <= ? limit ?)""";

    private final Rows rows;
    private final Clock clock;

    HousekeepingJob(@io.quarkus.agroal.DataSource("service") DataSource database, Clock clock) {
        this.rows = new Rows(database);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "housekeeping";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofHours(1));
    }

    @Override
    public boolean needsStripe() {
        return false;
    }

    @Override
    public void run() {
        long keys = clear(KEYS, clock.instant());
        // The limits' library follows the wall clock.
        long limits = clear(LIMITS, System.currentTimeMillis());
        LOG.debugf("Deleted %d idempotency keys and %d rate limits", keys, limits);
    }

    private long clear(String statement, Object expiredBy) {
        return Rounds.run(() -> rows.update(statement, expiredBy, Rounds.AT_ONCE));
    }
}
