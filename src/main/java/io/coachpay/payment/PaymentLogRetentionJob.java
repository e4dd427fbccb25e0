package io.coachpay.payment;

import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Ids;
import io.coachpay.access.Rows;
import io.coachpay.job.Job;
import io.coachpay.job.Rounds;

/** Deletes lines of the payments' log that are past their retention time. */
@ApplicationScoped
class PaymentLogRetentionJob implements Job {

    private static final Logger LOG = Logger.getLogger(PaymentLogRetentionJob.class);
    /** Ids are in the order of time, so the oldest lines are the first of that index. */
    private static final String FORGET = """
            delete from payment_logs where id in (
              select id from payment_logs where id < ? order by id limit ?)""";

    private final Rows rows;
    private final PaymentSettings settings;
    private final Clock clock;

    PaymentLogRetentionJob(@io.quarkus.agroal.DataSource("service") DataSource service, PaymentSettings settings, Clock clock) {
        this.rows = new Rows(service);
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "payment-log-retention";
    }

    @Override
    public Schedule schedule() {
        return Schedules.daily(ZoneOffset.UTC, LocalTime.of(3, 30));
    }

    @Override
    public boolean needsStripe() {
        return false;
    }

    @Override
    public void run() {
        UUID until = Ids.first(clock.instant().minus(settings.logsKept()));
        long deleted = Rounds.run(() -> rows.update(FORGET, until, Rounds.AT_ONCE));
        if (deleted > 0) {
            LOG.infof("%d lines of the log of payments were deleted", deleted);
        }
    }
}
