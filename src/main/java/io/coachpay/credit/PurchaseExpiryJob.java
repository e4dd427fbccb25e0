package io.coachpay.credit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
import io.coachpay.payment.Transactions;
import io.coachpay.stripe.StripeRefused;

/**
 * Frees the capacity that purchases keep though their page is over: one that Stripe never opened is never reported as expired.
 */
@ApplicationScoped
class PurchaseExpiryJob implements Job {

    private static final Logger LOG = Logger.getLogger(PurchaseExpiryJob.class);
    private static final int AT_MOST = 200;
    /** By then Stripe has reported most pages as expired. */
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final String OVER = """
            select t.id from checkout_sessions c join transactions t on t.id = c.transaction_id
             where c.reserved_credits > 0 and t.status in ('pending', 'failed') and c.expires_at <= ?
             order by c.expires_at limit ?""";

    private final Access access;
    private final Transactions payments;
    private final Rows rows;
    private final Clock clock;

    PurchaseExpiryJob(Access access, Transactions payments, DataSource database, Clock clock) {
        this.access = access;
        this.payments = payments;
        this.rows = new Rows(database);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "purchase-expiry";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofMinutes(1));
    }

    @Override
    public void run() {
        OneByOne.forEachIsolated(over(clock.instant().minus(GRACE)), this::end);
    }

    private List<UUID> over(Instant before) {
        return access.asService(() -> rows.query(OVER, row -> row.getObject("id", UUID.class),
                before.atOffset(ZoneOffset.UTC), AT_MOST));
    }

    private void end(UUID payment) {
        try {
            payments.cancel(payment);
        } catch (StripeRefused refused) {
            LOG.warnf("Purchase %s cannot end before Stripe has ended its payment: %s", payment, refused.getMessage());
        }
    }
}
