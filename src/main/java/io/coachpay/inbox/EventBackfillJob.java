package io.coachpay.inbox;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Backoff;
import io.coachpay.job.Cursor;
import io.coachpay.job.Job;
import io.coachpay.job.SideBySide;
import io.coachpay.job.Unheard;

/**
 * Finds events whose webhook never came: lists the events since its mark of each account that is due, and stores them in the
 * inbox like arrivals. Several accounts are listed at once, as far as the budget of calls goes, and a failing one does not
 * delay the others.
 * <p>
 * Each account is due in its {@link io.coachpay.job.Rhythm}; entries in its coach's books make a resting one due again.
 *
 * @see <a href="https://docs.stripe.com/webhooks/process-undelivered-events">Stripe: process undelivered events</a>
 */
@ApplicationScoped
class EventBackfillJob implements Job {

    static final String NAME = "event-backfill";

    private static final Logger LOG = Logger.getLogger(EventBackfillJob.class);
    private static final Duration BETWEEN_RUNS = Duration.ofMinutes(1);
    /** Accounts looked up at once; meanwhile others become due. */
    private static final int AT_ONCE = 500;
    /** When so many accounts in a row fail, the accounts are not the cause. */
    private static final int MOST_FAILURES = 10;
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);
    private static final Duration LONGEST_FOR_PLATFORM = Duration.ofHours(1);

    private final Listing listing;
    private final EventHandlers handlers;
    private final EventCursors cursors;
    private final InboxSettings settings;
    private final Clock clock;

    EventBackfillJob(Listing listing, EventHandlers handlers, EventCursors cursors, InboxSettings settings, Clock clock) {
        this.listing = listing;
        this.handlers = handlers;
        this.cursors = cursors;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(BETWEEN_RUNS);
    }

    @Override
    public void run() {
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean goesOn = new AtomicBoolean(true);
        List<EventCursors.Account> due;
        do {
            due = cursors.due(clock.instant(), AT_ONCE);
            SideBySide.run(due, settings.backfillWorkers(), account -> {
                boolean useful = list(account, failures);
                goesOn.compareAndSet(true, useful);
                return useful;
            });
            // Each of them has a later due time now, so fewer are due.
        } while (due.size() == AT_ONCE && goesOn.get());
    }

    /**
     * Lists one account.
     *
     * @param failures how many accounts in a row have failed
     * @return whether listing others makes sense
     */
    private boolean list(EventCursors.Account account, AtomicInteger failures) {
        Cursor cursor = cursors.begin(account, handlers.types(account.endpoint()).stream().sorted().toList(), clock.instant());
        if (cursor == null) {
            return true;
        }
        try {
            end(account, cursor, listing.list(account, cursor));
            LOG.debugf("The events of %s have been listed", account.name());
            failures.set(0);
            return true;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        } catch (SQLException | RuntimeException e) {
            if (e instanceof Unheard || Thread.currentThread().isInterrupted()) {
                LOG.debugf("The events of %s are listed later: %s", account.name(), EventFailure.text(e));
                return false;
            }
            failed(account, cursor, EventFailure.text(e));
            return failures.incrementAndGet() < MOST_FAILURES;
        }
    }

    private void end(EventCursors.Account account, Cursor cursor, @Nullable Instant newest) {
        Instant now = clock.instant();
        boolean moves = cursor.lines() == null || cursor.lines() != account.lines();
        cursors.end(account, moves ? now : newest, now);
    }

    private void failed(EventCursors.Account account, Cursor cursor, String failure) {
        Duration longest = account.isPlatform() ? LONGEST_FOR_PLATFORM : LONGEST_PAUSE;
        Instant now = clock.instant();
        cursors.fail(account, failure, now, now.plus(Backoff.doubling(FIRST_PAUSE, longest).after(cursor.failures() + 1)));
        // Once for each cause: an account that always fails is not logged every time.
        if (!Objects.equals(failure, cursor.failure())) {
            LOG.warnf("The events of %s could not be listed, the listing resumes later: %s", account.name(), failure);
        }
    }
}
