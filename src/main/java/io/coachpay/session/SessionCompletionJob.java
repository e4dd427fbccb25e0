package io.coachpay.session;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Completes sessions that no coach reported on for a day after their end. */
@ApplicationScoped
class SessionCompletionJob implements Job {

    private static final int BATCH = 200;
    private static final int BATCHES_AT_MOST = 50;

    private final Completions completions;

    SessionCompletionJob(Completions completions) {
        this.completions = completions;
    }

    @Override
    public String name() {
        return "session-completion";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofMinutes(5));
    }

    @Override
    public boolean needsStripe() {
        return false;
    }

    @Override
    public void run() {
        for (int batch = 0; batch < BATCHES_AT_MOST; batch++) {
            if (completions.completeEnded(BATCH) < BATCH) {
                return;
            }
        }
    }
}
