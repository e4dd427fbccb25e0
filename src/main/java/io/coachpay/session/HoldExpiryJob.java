package io.coachpay.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Access;
import io.coachpay.coach.CoachRefused;
import io.coachpay.job.Job;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.StripeRefused;

/** Frees the slots of bookings that were not paid in time. */
@ApplicationScoped
class HoldExpiryJob implements Job {

    private static final Logger LOG = Logger.getLogger(HoldExpiryJob.class);
    private static final int AT_MOST = 200;

    private final Access access;
    private final SessionPayments payments;
    private final Clock clock;

    HoldExpiryJob(Access access, SessionPayments payments, Clock clock) {
        this.access = access;
        this.payments = payments;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "hold-expiry";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofSeconds(10));
    }

    @Override
    public void run() {
        List<UUID> over = access.asService(() -> withHoldOver(clock.instant()));
        OneByOne.forEachIsolated(over, this::expire);
    }

    /** Lists those whose hold is over, longest overdue first. */
    private static List<UUID> withHoldOver(Instant now) {
        return CoachingSession.find(
                "select id from CoachingSession where status = PENDING_PAYMENT and coalesce(slot.checkAt, slot.holdExpiresAt)"
                        + " <= ?1 order by coalesce(slot.checkAt, slot.holdExpiresAt)",
                now).project(UUID.class).page(0, AT_MOST).list();
    }

    private void expire(UUID sessionId) {
        try {
            payments.expire(sessionId);
        } catch (StripeRefused | CoachRefused refused) {
            LOG.warnf("Session %s cannot expire before Stripe has ended its payment: %s", sessionId, refused.getMessage());
        }
    }
}
