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
        List<UUID> due = access.asService(() -> TransferRequest.due(clock.instant(), AT_MOST));
        OneByOne.forEachIsolated(due, atStripe::advance);
    }
}
