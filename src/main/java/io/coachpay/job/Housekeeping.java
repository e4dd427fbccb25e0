package io.coachpay.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

/** Clears away what has expired: answers kept for requests that might come again, and limits nobody has come near lately. */
@ApplicationScoped
class Housekeeping implements Job {

    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final String KEYS = """
            delete from idempotency_keys where id in (select id from idempotency_keys where expires_at <= ? limit ?)""";
    private static final String LIMITS = """
            delete from rate_limit_buckets where id in (select id from rate_limit_buckets where expires_at <= ? limit ?)""";

    private final DataSource database;
    private final Clock clock;

    Housekeeping(@io.quarkus.agroal.DataSource("service") DataSource database, Clock clock) {
        this.database = database;
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
        long keys = clear(KEYS, clock.instant().atOffset(ZoneOffset.UTC));
        // The limits' library goes by the wall clock.
        long limits = clear(LIMITS, System.currentTimeMillis());
        LOG.debugf("Cleared away %d idempotency keys and %d rate limits", keys, limits);
    }

    private long clear(String statement, Object expiredBy) {
        return Rounds.run(() -> clearSome(statement, expiredBy));
    }

    private int clearSome(String statement, Object expiredBy) {
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement(statement)) {
            delete.setObject(1, expiredBy);
            delete.setInt(2, Rounds.AT_ONCE);
            return delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("What has expired could not be cleared away", e);
        }
    }
}
