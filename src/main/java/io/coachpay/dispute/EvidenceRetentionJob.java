package io.coachpay.dispute;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Rows;
import io.coachpay.job.Job;
import io.coachpay.job.Rounds;

/** Empties the evidence of disputes that ended long ago: it names people and their words, and no bank asks for it any more. */
@ApplicationScoped
class EvidenceRetentionJob implements Job {

    private static final Logger LOG = Logger.getLogger(EvidenceRetentionJob.class);
    private static final String EMPTY = """
            update disputes set evidence = '{}' where id in (
              select id from disputes where closed_at < ? and evidence <> '{}' order by closed_at limit ?)""";

    private final Rows rows;
    private final DisputeSettings settings;
    private final Clock clock;

    EvidenceRetentionJob(@io.quarkus.agroal.DataSource("service") DataSource service, DisputeSettings settings, Clock clock) {
        this.rows = new Rows(service);
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "evidence-retention";
    }

    @Override
    public Schedule schedule() {
        return Schedules.daily(ZoneOffset.UTC, LocalTime.of(3, 20));
    }

    @Override
    public boolean needsStripe() {
        return false;
    }

    @Override
    public void run() {
        Instant until = clock.instant().minus(settings.evidenceKept());
        long emptied = Rounds.run(() -> rows.update(EMPTY, until, Rounds.AT_ONCE));
        if (emptied > 0) {
            LOG.infof("The evidence of %d disputes was emptied", emptied);
        }
    }
}
