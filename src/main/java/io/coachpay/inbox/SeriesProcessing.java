package io.coachpay.inbox;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.access.ReadRows;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;

/**
 * Applies claimed events about one object of Stripe's in one database transaction, one after the other (decision 42): apart,
 * they would wait for each other's row. As in a bunch, a series that fails records nothing, and each of its events is then
 * applied alone.
 */
@ApplicationScoped
class SeriesProcessing {

    private static final Logger LOG = Logger.getLogger(SeriesProcessing.class);

    private final EventHandlers handlers;
    private final EventClaims claims;
    private final Access access;
    private final EntityManager entities;
    private final InboxMetrics metrics;
    private final Clock clock;
    private final Tracer tracer;

    SeriesProcessing(EventHandlers handlers, EventClaims claims, Access access, EntityManager entities, InboxMetrics metrics,
            Clock clock, Tracer tracer) {
        this.handlers = handlers;
        this.claims = claims;
        this.access = access;
        this.entities = entities;
        this.metrics = metrics;
        this.clock = clock;
        this.tracer = tracer;
    }

    /**
     * An event of a series, as its handlers take it.
     *
     * @param object of Stripe's that the series is about
     */
    record Member(String object, Claimed claimed, Event event, List<EventHandler> takers) {
    }

    /** Reads an event, if its handlers name an object and it has not failed before. */
    Optional<Member> member(Claimed claimed) {
        if (claimed.attempt() > 1 || handlers.of(claimed.endpoint(), claimed.type()).isEmpty()) {
            return Optional.empty();
        }
        try {
            Event event = claimed.event();
            List<EventHandler> takers = handlers.of(event);
            return EventHandlers.agreed(takers, taker -> taker.series(event))
                    .map(object -> new Member(object, claimed, event, takers));
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.debugf("%s is applied alone, it cannot be read: %s", claimed.eventId(), EventFailure.text(e));
            return Optional.empty();
        }
    }

    /**
     * Applies events about one object, in the order of Stripe's time.
     *
     * @return the ids of those that are over: all of them or none. Each of the others is to be applied alone
     */
    Set<UUID> apply(List<Member> members) {
        List<Member> series = members.stream().sorted(Comparator.comparing(member -> member.event().created())).toList();
        if (series.stream().anyMatch(member -> claims.isOver(member.claimed()))) {
            return Set.of();
        }
        Span span = tracer.spanBuilder("events in series").setAttribute("coachpay.events", series.size()).startSpan();
        try (Scope scope = span.makeCurrent()) {
            Set<UUID> applied = access.asService(() -> inOneTransaction(series));
            series.stream().map(Member::claimed).filter(claimed -> applied.contains(claimed.id()))
                    .forEach(claimed -> metrics.applied(claimed, clock.instant()));
            if (series.size() > 1) {
                metrics.together(applied.size());
            }
            return series.stream().map(member -> member.claimed().id()).collect(Collectors.toSet());
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            span.setStatus(StatusCode.ERROR, EventFailure.text(e));
            LOG.debugf("%d events could not be applied in series: %s", series.size(), EventFailure.text(e));
            if (series.size() > 1) {
                metrics.parted();
            }
            return Set.of();
        } finally {
            span.end();
        }
    }

    /** Returns the ids of the events that were applied; the claims of the others are void. */
    private Set<UUID> inOneTransaction(List<Member> series) {
        Set<UUID> mine = claims.finish(series.stream().map(Member::claimed).toList());
        for (Member member : series) {
            if (mine.contains(member.claimed().id())) {
                EventProcessing.apply(tracer, member.claimed(), member.event(), member.takers());
                // The next one reads rows as if it came in a database transaction of its own.
                ReadRows.forget(entities);
            }
        }
        return mine;
    }
}
