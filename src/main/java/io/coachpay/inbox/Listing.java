package io.coachpay.inbox;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.job.Cursor;

/**
 * Lists one account's events to their end, however many there are: the types with a handler, as many at once as Stripe filters
 * by, page by page from the newest to the mark. Each page is remembered, so that a listing that is cut off resumes there,
 * however long ago that was.
 */
@ApplicationScoped
class Listing {

    private static final Logger LOG = Logger.getLogger(Listing.class);

    private final EventSource source;
    private final EventHandlers handlers;
    private final EventCursors cursors;
    private final Arrivals arrivals;
    private final InboxSettings settings;
    private final Clock clock;

    Listing(EventSource source, EventHandlers handlers, EventCursors cursors, Arrivals arrivals, InboxSettings settings,
            Clock clock) {
        this.source = source;
        this.handlers = handlers;
        this.cursors = cursors;
        this.arrivals = arrivals;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Lists the remaining pages.
     *
     * @return when the newest event since the mark happened; null when there was none
     * @throws RuntimeException when Stripe is away or refuses: the listing resumes from there later
     */
    @Nullable
    Instant list(EventCursors.Account account, Cursor cursor) throws SQLException, InterruptedException {
        Instant mark = Objects.requireNonNull(cursor.listedUntil(), "a listing of events begins at a mark");
        List<String> left = cursor.typesLeft() == null ? List.of() : cursor.typesLeft();
        String after = cursor.resumeAfter();
        Instant moved = null;
        while (!left.isEmpty()) {
            List<String> asked = left.subList(0, Math.min(EventSource.MOST_TYPES, left.size()));
            EventSource.Page page = source.list(account.stripeAccount(), Set.copyOf(asked),
                    mark.minus(settings.backfillOverlap()), after);
            moved = later(moved, store(account, Set.copyOf(asked), mark, page.events()));
            if (page.next() != null && page.next().equals(after)) {
                throw new IllegalStateException("Stripe's list of events does not go on after " + after);
            }
            after = page.next();
            if (after == null) {
                left = left.subList(asked.size(), left.size());
            }
            cursors.advance(account, left, after, moved);
            if (Thread.interrupted()) {
                throw new InterruptedException("The service ends");
            }
        }
        return moved;
    }

    /**
     * Stores a page.
     *
     * @return when the newest of its events happened that is not older than the mark
     */
    private @Nullable Instant store(EventCursors.Account account, Set<String> types, Instant mark, List<JsonNode> events)
            throws SQLException {
        List<Arrival> wanted = new ArrayList<>();
        Instant newest = null;
        for (JsonNode event : events) {
            Arrival arrival = arrival(account, event);
            if (arrival != null && types.contains(arrival.envelope().type())) {
                wanted.add(arrival);
                Instant created = arrival.envelope().created();
                newest = later(newest, created.isBefore(mark) ? null : created);
            }
        }
        int missed = wanted.isEmpty() ? 0 : arrivals.store(wanted).size();
        if (missed > 0) {
            LOG.infof("%d events of %s had not been delivered", missed, account.name());
        }
        return newest;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other != null && other.isAfter(one) ? other : one;
    }

    /** A listing does not name the account it was asked of, so it is ours to remember. */
    private @Nullable Arrival arrival(EventCursors.Account account, JsonNode event) {
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
