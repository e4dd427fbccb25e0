package io.coachpay.user;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Sends names and addresses that Stripe does not have yet, because it was away or because a token brought them. */
@ApplicationScoped
class CustomerSyncJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofMinutes(1);

    private final CustomersAtStripe atStripe;

    CustomerSyncJob(CustomersAtStripe atStripe) {
        this.atStripe = atStripe;
    }

    @Override
    public String name() {
        return "customer-sync";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        atStripe.pushAll();
    }
}
