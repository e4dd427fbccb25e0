package io.coachpay.credit;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;
import io.coachpay.job.OneByOne;

/** Ends purchases of credits whose page is over without an event having told so, and gives their part of the capacity back. */
@ApplicationScoped
class PurchaseExpiryJob implements Job {

    private static final int AT_MOST = 200;

    private final CreditPurchases purchases;

    PurchaseExpiryJob(CreditPurchases purchases) {
        this.purchases = purchases;
    }

    @Override
    public String name() {
        return "credit-expiry";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofMinutes(1));
    }

    @Override
    public void run() {
        OneByOne.forEachIsolated(purchases.over(AT_MOST), purchases::end);
    }
}
