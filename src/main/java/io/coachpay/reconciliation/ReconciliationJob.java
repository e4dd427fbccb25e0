package io.coachpay.reconciliation;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Compares our books with Stripe's, hourly. */
@ApplicationScoped
class ReconciliationJob implements Job {

    static final String NAME = "reconciliation";

    private final Reconciliation reconciliation;

    ReconciliationJob(Reconciliation reconciliation) {
        this.reconciliation = reconciliation;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofHours(1));
    }

    @Override
    public void run() {
        reconciliation.run();
    }
}
