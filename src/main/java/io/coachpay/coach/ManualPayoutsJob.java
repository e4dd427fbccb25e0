package io.coachpay.coach;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Makes payouts ours to decide on accounts where Stripe was away before, or that gave them back to Stripe. */
@ApplicationScoped
class ManualPayoutsJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofMinutes(1);

    private final ConnectedAccountsAtStripe atStripe;

    ManualPayoutsJob(ConnectedAccountsAtStripe atStripe) {
        this.atStripe = atStripe;
    }

    @Override
    public String name() {
        return "manual-payouts";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        atStripe.makePayoutsOurs();
    }
}
