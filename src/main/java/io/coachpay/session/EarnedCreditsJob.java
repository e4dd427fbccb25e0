package io.coachpay.session;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;
import io.coachpay.job.OneByOne;

/** Requests coaches' parts of sessions that were paid with credits, where the session ended without them. */
@ApplicationScoped
class EarnedCreditsJob implements Job {

    private static final int AT_MOST = 200;

    private final EarnedCredits earned;

    EarnedCreditsJob(EarnedCredits earned) {
        this.earned = earned;
    }

    @Override
    public String name() {
        return "credit-transfers";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofMinutes(1));
    }

    @Override
    public void run() {
        OneByOne.forEachIsolated(earned.unrequested(AT_MOST), earned::request);
    }
}
