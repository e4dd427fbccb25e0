package io.coachpay.transfer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.jboss.logging.Logger;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.access.Access;
import io.coachpay.inbox.MissingParent;
import io.coachpay.job.Cursor;
import io.coachpay.job.Cursors;
import io.coachpay.job.Job;
import io.coachpay.job.OneByOne;
import io.coachpay.job.StripeList;
import io.coachpay.stripe.StripeRefused;

/** Asks Stripe for the transfer of each payment that lacks one: without it the coach's money never becomes available. */
@ApplicationScoped
class TransferSyncJob implements Job {

    private static final Logger LOG = Logger.getLogger(TransferSyncJob.class);
    private static final int AT_MOST = 500;
    /** Stripe's event comes within seconds. */
    private static final Duration NOT_BEFORE = Duration.ofMinutes(15);
    /** A transfer that so many hourly runs did not find does not exist. */
    private static final Duration NOT_AFTER = Duration.ofDays(60);
    private static final UUID BEGINNING = new UUID(0, 0);

    private static final String UNTOLD = """
            select t.id from transactions t
             where t.status in ('completed', 'partially_refunded', 'refunded') and t.destination_account is not null and t.method is distinct from 'credits'
               and t.created_at > ?1 and t.completed_at < ?2 and t.id > ?3
               and not exists (select from transfers x where x.transaction_id = t.id and x.purpose = 'payment')
             order by t.id limit ?4""";

    private final Access access;
    private final TransferSync sync;
    private final EntityManager entities;
    private final Cursors cursors;
    private final Clock clock;

    TransferSyncJob(Access access, TransferSync sync, EntityManager entities, DataSource database, Clock clock) {
        this.access = access;
        this.sync = sync;
        this.cursors = new Cursors(database, StripeList.TRANSFERS);
        this.entities = entities;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "transfer-sync";
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(Duration.ofHours(1));
    }

    @Override
    public void run() {
        OneByOne.forEachIsolated(next(AT_MOST), this::ask);
    }

    /** Takes the payments after those of the previous turn, and starts over after the last, so that each has its turn. */
    List<UUID> next(int most) {
        return access.asService(() -> {
            Instant now = clock.instant();
            Cursor cursor = cursors.begin(Cursors.PLATFORM, now);
            String last = cursor == null ? null : cursor.resumeAfter();
            List<UUID> next = untold(last == null ? BEGINNING : UUID.fromString(last), most, now);
            if (next.size() < most) {
                cursors.end(Cursors.PLATFORM, now);
            } else {
                cursors.advance(Cursors.PLATFORM, next.get(most - 1).toString());
            }
            return next;
        });
    }

    private List<UUID> untold(UUID last, int most, Instant now) {
        return entities.createNativeQuery(UNTOLD, UUID.class).setParameter(1, now.minus(NOT_AFTER))
                .setParameter(2, now.minus(NOT_BEFORE)).setParameter(3, last).setParameter(4, most).getResultStream()
                .map(UUID.class::cast)
                .toList();
    }

    private void ask(UUID transaction) {
        try {
            sync.sync(transaction);
        } catch (StripeRefused | MissingParent refused) {
            LOG.warnf("The transfers of payment %s could not be read: %s", transaction, refused.getMessage());
        }
    }
}
