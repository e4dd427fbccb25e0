package io.coachpay.balance;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;
import io.coachpay.job.JobSettings;

/**
 * Imports new lines of Stripe's books, soon after Stripe reports them and hourly, matches them with booked facts, and moves
 * funds that have become available.
 */
@ApplicationScoped
class BalanceJob implements Job {

    private final BalanceImports imports;
    private final LineMatching matching;
    private final FundsAvailability availability;
    private final JobSettings settings;

    BalanceJob(BalanceImports imports, LineMatching matching, FundsAvailability availability, JobSettings settings) {
        this.imports = imports;
        this.matching = matching;
        this.availability = availability;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "balance-import";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(settings.quickInterval());
    }

    @Override
    public void run() {
        imports.importDue();
        matching.matchNewest();
        availability.bookDue();
    }
}
