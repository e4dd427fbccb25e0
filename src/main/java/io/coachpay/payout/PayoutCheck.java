package io.coachpay.payout;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Asks Stripe for payouts that were requested and not made, and about those that should have arrived by now. */
@ApplicationScoped
class PayoutCheck implements Job {

    private static final int AT_MOST = 200;

    private final PayoutAttempts attempts;

    PayoutCheck(PayoutAttempts attempts) {
        this.attempts = attempts;
    }

    @Override
    public String name() {
        return "payout-check";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofSeconds(1));
    }

    @Override
    public void run() {
        attempts.check(AT_MOST);
    }
}
