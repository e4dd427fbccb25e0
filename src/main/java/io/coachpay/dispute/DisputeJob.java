package io.coachpay.dispute;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Access;
import io.coachpay.job.Job;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.StripeRefused;

/** Refreshes open disputes every hour, with or without events, and completes submissions that a crash interrupted. */
@ApplicationScoped
class DisputeJob implements Job {

    private static final Logger LOG = Logger.getLogger(DisputeJob.class);
    private static final int AT_MOST = 200;
    private static final Duration AFTER_A_REFUSAL = Duration.ofMinutes(10);

    private final Access access;
    private final DisputesAtStripe atStripe;
    private final Clock clock;

    DisputeJob(Access access, DisputesAtStripe atStripe, Clock clock) {
        this.access = access;
        this.atStripe = atStripe;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "dispute-check";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofMinutes(1));
    }

    @Override
    public void run() {
        List<UUID> due = access.asService(() -> Dispute.due(clock.instant(), AT_MOST));
        OneByOne.forEachIsolated(due, this::check);
    }

    private void check(UUID id) {
        boolean submit = access.asService(() -> Dispute.locked(id).map(dispute -> {
            dispute.checkNext(clock.instant().plus(AFTER_A_REFUSAL));
            return dispute.isSubmissionOwed();
        }).orElse(false));
        try {
            if (submit) {
                atStripe.submit(id);
            } else {
                atStripe.refresh(id);
            }
        } catch (StripeRefused refused) {
            LOG.warnf("Dispute %s is refreshed later: %s", id, refused.getMessage());
        } catch (DisputeRefused refused) {
            LOG.warnf("The evidence of dispute %s could not be submitted: %s", id, refused.getMessage());
        }
    }
}
