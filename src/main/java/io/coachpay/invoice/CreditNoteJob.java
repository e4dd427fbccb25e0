package io.coachpay.invoice;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Has Stripe make credit notes for refunds of invoices. */
@ApplicationScoped
class CreditNoteJob implements Job {

    private static final Duration BETWEEN_RUNS = Duration.ofSeconds(10);

    private final CreditNotesAtStripe creditNotes;

    CreditNoteJob(CreditNotesAtStripe creditNotes) {
        this.creditNotes = creditNotes;
    }

    @Override
    public String name() {
        return "credit-notes";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        creditNotes.check();
    }
}
