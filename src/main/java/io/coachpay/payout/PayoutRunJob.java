package io.coachpay.payout;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Pays coaches soon after their due day has begun, and those without due days soon after money is available. */
@ApplicationScoped
class PayoutRunJob implements Job {

    private static final int ROUNDS = 100;

    private final PayoutRuns runs;

    PayoutRunJob(PayoutRuns runs) {
        this.runs = runs;
    }

    @Override
    public String name() {
        return "payout-run";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofSeconds(10));
    }

    @Override
    public void run() {
        for (int round = 0; round < ROUNDS; round++) {
            if (!runs.runDue().more()) {
                return;
            }
        }
    }
}
