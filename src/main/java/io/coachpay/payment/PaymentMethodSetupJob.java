package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Access;
import io.coachpay.access.Rows;
import io.coachpay.job.Job;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.StripeRefused;

/**
 * Ends setups that nobody finished within a day, so that no form or page of them saves anything later, and at once those of
 * people who may try no more cards.
 */
@ApplicationScoped
class PaymentMethodSetupJob implements Job {

    private static final Logger LOG = Logger.getLogger(PaymentMethodSetupJob.class);
    private static final int AT_MOST = 100;
    private static final String OVER = "select id from payment_method_setups where check_at <= ? order by check_at limit ?";

    private final Access access;
    private final PaymentMethodSetupsAtStripe atStripe;
    private final CardLimitBooks limits;
    private final Rows rows;
    private final Clock clock;

    PaymentMethodSetupJob(Access access, PaymentMethodSetupsAtStripe atStripe, CardLimitBooks limits, DataSource database,
            Clock clock) {
        this.access = access;
        this.atStripe = atStripe;
        this.limits = limits;
        this.rows = new Rows(database);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "payment-method-setups";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofMinutes(1));
    }

    @Override
    public void run() {
        access.runAsService(
                () -> limits.endSetups(clock.instant().plus(PaymentMethodSetupsAtStripe.PAUSE), AT_MOST));
        List<UUID> over = access.asService(() -> rows.query(OVER, row -> row.getObject("id", UUID.class),
                clock.instant().atOffset(ZoneOffset.UTC), AT_MOST));
        OneByOne.forEachIsolated(over, this::end);
    }

    private void end(UUID setup) {
        try {
            atStripe.end(setup);
        } catch (StripeRefused refused) {
            LOG.warnf("Setup %s is still open at Stripe: %s", setup, refused.getMessage());
        }
    }
}
