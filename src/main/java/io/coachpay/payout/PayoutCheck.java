package io.coachpay.payout;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/**
 * Asks Stripe for payouts that were requested and not made, about those that should have arrived by now, and for fees that were
 * not taken.
 */
@ApplicationScoped
class PayoutCheck implements Job {

    private static final int AT_MOST = 200;

    private final PayoutAttempts attempts;
    private final PayoutFees fees;

    PayoutCheck(PayoutAttempts attempts, PayoutFees fees) {
        this.attempts = attempts;
        this.fees = fees;
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
        fees.check(AT_MOST);
    }
}
