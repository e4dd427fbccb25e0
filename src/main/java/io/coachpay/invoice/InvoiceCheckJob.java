package io.coachpay.invoice;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Asks Stripe about invoices of which nothing was heard for a day, and those that report a payment which is not known. */
@ApplicationScoped
class InvoiceCheckJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofMinutes(1);

    private final InvoicesAtStripe invoices;

    InvoiceCheckJob(InvoicesAtStripe invoices) {
        this.invoices = invoices;
    }

    @Override
    public String name() {
        return "invoice-check";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        invoices.check();
    }
}
