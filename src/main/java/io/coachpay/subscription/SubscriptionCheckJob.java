package io.coachpay.subscription;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Asks Stripe about pages that should be over, and cancels subscriptions of people who have another one. */
@ApplicationScoped
class SubscriptionCheckJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofSeconds(10);

    private final SubscriptionsAtStripe subscriptions;

    SubscriptionCheckJob(SubscriptionsAtStripe subscriptions) {
        this.subscriptions = subscriptions;
    }

    @Override
    public String name() {
        return "subscription-check";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        subscriptions.check();
    }
}
