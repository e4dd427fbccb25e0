package io.coachpay.payment;

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

/** Completes payments whose request was cut off or whose event never came: it refreshes them from Stripe. */
@ApplicationScoped
class PaymentJob implements Job {

    private static final Logger LOG = Logger.getLogger(PaymentJob.class);
    static final String NAME = "payment-check";
    private static final int AT_MOST = 200;
    private static final Duration BETWEEN_CHECKS = Duration.ofMinutes(5);

    private final Access access;
    private final Transactions transactions;
    private final PaymentIntentsAtStripe intents;
    private final CheckoutsAtStripe checkouts;
    private final Clock clock;

    PaymentJob(Access access, Transactions transactions, PaymentIntentsAtStripe intents, CheckoutsAtStripe checkouts,
            Clock clock) {
        this.access = access;
        this.transactions = transactions;
        this.intents = intents;
        this.checkouts = checkouts;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofSeconds(10));
    }

    @Override
    public void run() {
        List<UUID> due = access.asService(() -> due(clock.instant()));
        OneByOne.forEachIsolated(due, this::finish);
    }

    private static List<UUID> due(Instant now) {
        return Transaction.find("select id from Transaction where attempt.checkAt <= ?1 and status in (PENDING, PROCESSING)"
                + " order by attempt.checkAt", now).project(UUID.class).page(0, AT_MOST).list();
    }

    private void finish(UUID id) {
        checkNext(id, BETWEEN_CHECKS);
        try {
            Transaction transaction = read(id);
            if (!transaction.atStripe().isKnown() || transaction.attempt().method() == PaymentAttempt.Method.SAVED_CARD) {
                transactions.open(id);
            }
            refresh(read(id));
        } catch (PaymentRefused | CoachRefused refused) {
            LOG.debugf("Payment %s is over: %s", id, refused.getMessage());
        } catch (StripeRefused.RateLimited limited) {
            checkNext(id, limited.pause());
        } catch (StripeRefused refused) {
            LOG.warnf("Payment %s could not be completed yet: %s", id, refused.getMessage());
        }
    }

    private void refresh(Transaction transaction) {
        if (transaction.atStripe().checkoutSession() != null) {
            checkouts.refresh(transaction.atStripe().checkoutSession());
        } else if (transaction.paymentIntent() != null) {
            intents.refresh(transaction.paymentIntent());
        }
    }

    private void checkNext(UUID id, Duration pause) {
        access.runAsService(
                () -> TransactionQueries.locked(id).ifPresent(due -> due.attempt().checkNext(clock.instant().plus(pause))));
    }

    private Transaction read(UUID id) {
        return access.asService(() -> TransactionQueries.known(id));
    }
}
