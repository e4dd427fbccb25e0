package io.coachpay.inbox;

import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Rows;
import io.coachpay.job.Job;

/** Empties the payloads of events that were finished long ago: they hold people's data, and nobody needs them any more. */
@ApplicationScoped
class Retention implements Job {

    static final String NAME = "event-retention";

    private static final Logger LOG = Logger.getLogger(Retention.class);
    private static final int AT_ONCE = 1000;
    private static final int MOST_ROUNDS = 1000;
    private static final String EMPTY = """
            update stripe_events set payload = null where id in (
              select id from stripe_events
               where status in ('processed', 'ignored') and payload is not null and processed_at < ? limit ?)""";

    private final Rows rows;
    private final InboxSettings settings;
    private final Clock clock;

    Retention(@io.quarkus.agroal.DataSource("service") DataSource service, InboxSettings settings, Clock clock) {
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
        long emptied = 0;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            int some = rows.update(EMPTY, clock.instant().minus(settings.retention()), AT_ONCE);
            emptied += some;
            if (some < AT_ONCE) {
                break;
            }
        }
        if (emptied > 0) {
            LOG.infof("The payloads of %d events were emptied", emptied);
        }
    }
}
