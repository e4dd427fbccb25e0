package io.coachpay.reconciliation;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/**
 * Imports what is new in Stripe's books, soon after Stripe says so and hourly, moves what has become available, and books what
 * it cost.
 */
@ApplicationScoped
class BalanceJob implements Job {

    private final BalanceImports imports;
    private final Availability availability;
    private final StripeFees fees;

    BalanceJob(BalanceImports imports, Availability availability, StripeFees fees) {
        this.imports = imports;
        this.availability = availability;
        this.fees = fees;
    }

    @Override
    public String name() {
        return "balance-import";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofSeconds(2));
    }

    @Override
    public void run() {
        imports.importDue();
        availability.bookDue();
        fees.bookDue();
    }
}
