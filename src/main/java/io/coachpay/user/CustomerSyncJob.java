package io.coachpay.user;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;
import io.coachpay.job.OneByOne;

/**
 * Sends what Stripe has yet to hear of customers: names and addresses that a token brought or that it was away for, and default
 * payment methods.
 */
@ApplicationScoped
class CustomerSyncJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofMinutes(1);

    private final CustomersAtStripe atStripe;
    private final DefaultMethodsAtStripe defaults;

    CustomerSyncJob(CustomersAtStripe atStripe, DefaultMethodsAtStripe defaults) {
        this.atStripe = atStripe;
        this.defaults = defaults;
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
        OneByOne.forEachIsolated(List.<Runnable> of(atStripe::pushAll, defaults::pushAll), Runnable::run);
    }
}
