package io.coachpay.coach;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Takes coaches whom no payment reaches off the list, and reads and relists those whose payments Stripe refused. */
@ApplicationScoped
class AccountJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofMinutes(10);

    private final Chargeability chargeability;

    AccountJob(Chargeability chargeability) {
        this.chargeability = chargeability;
    }

    @Override
    public String name() {
        return "account-check";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        chargeability.checkAll();
    }
}
