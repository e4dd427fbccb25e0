package io.coachpay.transfer;

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

/** Has Stripe make open transfer requests: new ones, those that a crash interrupted, and those that wait for funds. */
@ApplicationScoped
class TransferRequestJob implements Job {

    private static final int AT_MOST = 200;

    private final Access access;
    private final TransfersAtStripe atStripe;
    private final Clock clock;
    private final JobSettings settings;

    TransferRequestJob(Access access, TransfersAtStripe atStripe, Clock clock, JobSettings settings) {
        this.access = access;
        this.atStripe = atStripe;
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "transfer-steps";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(settings.quickInterval());
    }

    @Override
    public void run() {
        List<UUID> due = access.asService(() -> TransferRequest
                .find("select id from TransferRequest where progress.checkAt <= ?1"
                        + " and progress.status in (REQUESTED, WAITING_FOR_FUNDS) order by progress.checkAt", clock.instant())
                .project(UUID.class).page(0, AT_MOST).list());
        OneByOne.forEachIsolated(due, atStripe::advance);
    }
}
