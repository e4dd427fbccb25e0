package io.coachpay.payout;

import java.time.Clock;
import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Access;
import io.coachpay.job.Job;
import io.coachpay.job.SideBySide;

/**
 * Lists each account's payouts in its {@link io.coachpay.job.Rhythm}: this recovers states whose webhook was lost, and finds
 * payouts made in Stripe's dashboard.
 */
@ApplicationScoped
class PayoutSyncJob implements Job {

    private static final int ACCOUNTS_AT_ONCE = 500;
    /** More calls at once would exceed the budget. */
    private static final int AT_ONCE = 8;

    private final Access access;
    private final PayoutListings listings;
    private final PayoutSync sync;
    private final Clock clock;

    PayoutSyncJob(Access access, PayoutListings listings, PayoutSync sync, Clock clock) {
        this.access = access;
        this.listings = listings;
        this.sync = sync;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "payout-sync";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofMinutes(1));
    }

    @Override
    public void run() {
        SideBySide.run(access.asService(() -> listings.due(clock.instant(), ACCOUNTS_AT_ONCE)), AT_ONCE, sync::sync);
    }
}
