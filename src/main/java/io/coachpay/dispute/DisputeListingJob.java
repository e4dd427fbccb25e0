package io.coachpay.dispute;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;

/** Lists disputes every hour, so that disputes whose events were missed become known. */
@ApplicationScoped
class DisputeListingJob implements Job {

    private final DisputesAtStripe atStripe;

    DisputeListingJob(DisputesAtStripe atStripe) {
        this.atStripe = atStripe;
    }

    @Override
    public String name() {
        return "dispute-listing";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofHours(1));
    }

    @Override
    public void run() {
        atStripe.listNew();
    }
}
