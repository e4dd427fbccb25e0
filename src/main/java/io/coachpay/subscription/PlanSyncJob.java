package io.coachpay.subscription;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Sends plans that Stripe does not have as they are, because it was away or the price was just made. */
@ApplicationScoped
class PlanSyncJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofMinutes(1);

    private final PlansAtStripe plans;

    PlanSyncJob(PlansAtStripe plans) {
        this.plans = plans;
    }

    @Override
    public String name() {
        return "plan-sync";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        plans.pushAll();
    }
}
