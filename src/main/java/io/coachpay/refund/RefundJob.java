package io.coachpay.refund;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Access;
import io.coachpay.job.Job;
import io.coachpay.job.JobSettings;
import io.coachpay.job.OneByOne;

/** Asks Stripe for requested refunds, refreshes those under way, and settles those that ended. */
@ApplicationScoped
class RefundJob implements Job {

    private static final int AT_MOST = 200;

    private final Access access;
    private final RefundsAtStripe atStripe;
    private final Clock clock;
    private final JobSettings settings;

    RefundJob(Access access, RefundsAtStripe atStripe, Clock clock, JobSettings settings) {
        this.access = access;
        this.atStripe = atStripe;
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "refund-check";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(settings.quickInterval());
    }

    @Override
    public void run() {
        List<UUID> due = access.asService(() -> Refund
                .find("select id from Refund where progress.checkAt <= ?1 order by progress.checkAt", clock.instant())
                .project(UUID.class).page(0, AT_MOST).list());
        OneByOne.forEachIsolated(due, atStripe::advance);
    }
}
