package io.coachpay.payout;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;
import io.coachpay.job.JobSettings;

/** Retries payouts that were requested and not made, refreshes those that should have arrived by now, and takes open fees. */
@ApplicationScoped
class PayoutJob implements Job {

    private static final int AT_MOST = 200;

    private final PayoutsAtStripe atStripe;
    private final PayoutFeesAtStripe fees;
    private final JobSettings settings;

    PayoutJob(PayoutsAtStripe atStripe, PayoutFeesAtStripe fees, JobSettings settings) {
        this.atStripe = atStripe;
        this.fees = fees;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "payout-check";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(settings.quickInterval());
    }

    @Override
    public void run() {
        atStripe.check(AT_MOST);
        fees.check(AT_MOST);
    }
}
