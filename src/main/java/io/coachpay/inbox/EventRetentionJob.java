package io.coachpay.inbox;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.job.Job;
import io.coachpay.job.Rounds;

/**
 * Empties the payloads of events that ended long ago, processed or dead: they hold people's data, and nobody needs them any
 * more. The rest of a finished event is deleted when Stripe can no longer send it again.
 */
@ApplicationScoped
class EventRetentionJob implements Job {

    static final String NAME = "event-retention";

    private static final Logger LOG = Logger.getLogger(EventRetentionJob.class);
    static final String EMPTY = """
            update stripe_events set payload = null where id in (
              select id from stripe_events
               where status in ('processed', 'ignored', 'dead') and payload is not null
                 and coalesce(processed_at, next_attempt_at) < ?
               order by coalesce(processed_at, next_attempt_at) limit ?)""";
    /** Ids are in the order of arrival, so the oldest rows are the first of that index. */
    static final String FORGET = """
            delete from stripe_events where id in (
              select id from stripe_events where status in ('processed', 'ignored', 'dead') and id < ?
               order by id limit ?)""";

    private final Rows rows;
    private final InboxSettings settings;
    private final Clock clock;

    EventRetentionJob(@io.quarkus.agroal.DataSource("service") DataSource service, InboxSettings settings, Clock clock) {
        this.rows = new Rows(service);
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return Schedules.daily(ZoneOffset.UTC, LocalTime.of(3, 10));
    }

    @Override
    public boolean needsStripe() {
        return false;
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        long emptied = Rounds.run(() -> rows.update(EMPTY, now.minus(settings.retention()), Rounds.AT_ONCE));
        long forgotten = Rounds.run(() -> rows.update(FORGET, Ids.first(now.minus(settings.kept())), Rounds.AT_ONCE));
        if (emptied + forgotten > 0) {
            LOG.infof("The payloads of %d events were emptied, and %d events deleted", emptied, forgotten);
        }
    }
}
