package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Access;
import io.coachpay.job.Job;
import io.coachpay.job.OneByOne;

/** Finishes payments whose request was cut off or whose event never came: it asks Stripe how they stand. */
@ApplicationScoped
class PaymentJob implements Job {

    static final String NAME = "payment-check";
    private static final int AT_MOST = 200;

    private final Access access;
    private final PaymentAttempts attempts;
    private final Clock clock;

    PaymentJob(Access access, PaymentAttempts attempts, Clock clock) {
        this.access = access;
        this.attempts = attempts;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofSeconds(10));
    }

    @Override
    public void run() {
        List<UUID> due = access.asService(() -> Transaction.due(clock.instant(), AT_MOST));
        OneByOne.forEachIsolated(due, attempts::finish);
    }
}
