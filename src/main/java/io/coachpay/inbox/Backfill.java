package io.coachpay.inbox;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;

import io.coachpay.job.Job;
import io.coachpay.job.Unheard;

/**
 * Finds the events whose webhook never came: lists each account's events since its mark, and stores them through the same
 * door. An account that fails does not keep the others from being listed.
 *
 * @see <a href="https://docs.stripe.com/webhooks/process-undelivered-events">Stripe: process undelivered events</a>
 */
@ApplicationScoped
class Backfill implements Job {

    static final String NAME = "event-backfill";

    private static final Logger LOG = Logger.getLogger(Backfill.class);
    /** The place in a listing that was interrupted that long ago is given up, and the listing begun anew. */
    private static final Duration STALE = Duration.ofDays(1);

    private final EventSource source;
    private final EventHandlers handlers;
    private final EventMarks marks;
    private final Arrivals arrivals;
    private final InboxSettings settings;
    private final Clock clock;

    Backfill(EventSource source, EventHandlers handlers, EventMarks marks, Arrivals arrivals, InboxSettings settings,
            Clock clock) {
        this.source = source;
        this.handlers = handlers;
        this.marks = marks;
        this.arrivals = arrivals;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return Schedules.fixedDelay(settings.backfillInterval());
    }

    @Override
    public boolean atStart() {
        return true;
    }

    @Override
    public void run() {
        for (EventMarks.Account account : marks.accounts()) {
            Set<String> types = handlers.types(account.endpoint());
            if (!types.isEmpty()) {
                list(account, types);
            }
        }
    }

    private void list(EventMarks.Account account, Set<String> types) {
        EventMarks.Mark mark = underWay(account);
        try {
            if (listed(account, types, mark)) {
                marks.end(account);
                LOG.debugf("The events of %s have been listed", account.name());
            }
        } catch (SQLException | RuntimeException e) {
            if (e instanceof Unheard) {
                LOG.debugf("The events of %s are listed later: %s", account.name(), Failure.text(e));
                return;
            }
            String failure = Failure.text(e);
            marks.fail(account, failure);
            // Once for each cause: an account that fails every hour need not be told of every hour.
            if (!Objects.equals(failure, mark.failure())) {
                LOG.warnf("The events of %s could not be listed, the listing goes on later: %s", account.name(), failure);
            }
        }
    }

    /** The listing under way, or a new one. */
    private EventMarks.Mark underWay(EventMarks.Account account) {
        Instant now = clock.instant();
        EventMarks.Mark mark = marks.find(account);
        if (mark != null && mark.listingFrom() != null && mark.listingFrom().isAfter(now.minus(STALE))) {
            return mark;
        }
        // Before the platform's first listing there was no service, and before a connected account's row no account.
        Instant since = mark != null ? mark.listedUntil() : account.knownSince() != null ? account.knownSince() : now;
        marks.begin(account, since, now);
        return new EventMarks.Mark(since, null, now, mark == null ? null : mark.failure());
    }

    /** Lists page by page; false when the run's share of pages is used up before the end. */
    private boolean listed(EventMarks.Account account, Set<String> types, EventMarks.Mark mark) throws SQLException {
        String after = mark.resumeAfter();
        for (int page = 0; page < settings.backfillPages(); page++) {
            EventSource.Page found = source.list(account.stripeAccount(), types,
                    mark.listedUntil().minus(settings.backfillOverlap()), after);
            store(account, types, found.events());
            after = found.next();
            if (after == null) {
                return true;
            }
            marks.advance(account, after);
        }
        return false;
    }

    private void store(EventMarks.Account account, Set<String> types, List<JsonNode> events) throws SQLException {
        List<Arrival> wanted = new ArrayList<>();
        for (JsonNode event : events) {
            Arrival arrival = arrival(account, event);
            if (arrival != null && types.contains(arrival.envelope().type())) {
                wanted.add(arrival);
            }
        }
        int missed = wanted.isEmpty() ? 0 : arrivals.store(wanted).size();
        if (missed > 0) {
            LOG.infof("%d events of %s had not been delivered", missed, account.name());
        }
    }

    /** A listing does not name the account it was asked of, so it is ours to remember. */
    private @Nullable Arrival arrival(EventMarks.Account account, JsonNode event) {
        String payload = event.toString();
        try {
            Envelope read = EnvelopeReader.read(payload);
            Envelope envelope = new Envelope(read.eventId(), read.type(), account.stripeAccount(), read.apiVersion(),
                    read.created(), read.livemode(), read.thin());
            return Arrival.of(account.endpoint(), envelope, payload, clock.instant(), handlers);
        } catch (WebhookRefused malformed) {
            LOG.warnf("An event of %s in Stripe's list cannot be read: %s", account.name(), malformed.getMessage());
            return null;
        }
    }
}
