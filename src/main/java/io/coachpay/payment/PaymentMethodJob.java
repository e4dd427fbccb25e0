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

/** Tells Stripe what it has yet to hear of saved payment methods: removals, and that its page may offer one. */
@ApplicationScoped
class PaymentMethodJob implements Job {

    private static final Logger LOG = Logger.getLogger(PaymentMethodJob.class);
    private static final int AT_MOST = 100;
    private static final String DUE = "select id from payment_methods where check_at <= ? order by check_at limit ?";

    private final Access access;
    private final PaymentMethodsAtStripe atStripe;
    private final Rows rows;
    private final Clock clock;

    PaymentMethodJob(Access access, PaymentMethodsAtStripe atStripe, DataSource database, Clock clock) {
        this.access = access;
        this.atStripe = atStripe;
        this.rows = new Rows(database);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "payment-method-sync";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofMinutes(1));
    }

    @Override
    public void run() {
        List<UUID> due = access.asService(() -> rows.query(DUE, row -> row.getObject("id", UUID.class),
                clock.instant().atOffset(ZoneOffset.UTC), AT_MOST));
        OneByOne.forEachIsolated(due, this::send);
    }

    private void send(UUID method) {
        try {
            atStripe.send(method);
        } catch (PaymentRefused.PaymentMethodNeeded needed) {
            LOG.infof("Payment method %s stays: something has come to need it", method);
        } catch (StripeRefused refused) {
            LOG.warnf("Stripe has yet to hear of payment method %s: %s", method, refused.getMessage());
        }
    }
}
