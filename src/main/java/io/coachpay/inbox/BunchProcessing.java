package io.coachpay.inbox;

import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;

/**
 * Applies claimed events together, a bunch of them in one database transaction: with the effects that each would have had
 * alone, at a fraction of the cost (decision 33). Whatever is out of the ordinary is left for an attempt alone, under the claim
 * it has: a bunch that fails records nothing, and counts as nobody's attempt.
 */
@ApplicationScoped
class BunchProcessing {

    private static final Logger LOG = Logger.getLogger(BunchProcessing.class);
    /** A single event has nobody to share a statement with. */
    private static final int SMALLEST = 2;
    /** Stripe's time first, so that most events meet their payment in the state that they expect. */
    private static final Comparator<Member> ORDER = Comparator.comparing((Member member) -> member.event().created())
            .thenComparing(member -> member.claimed().eventId());

    private final EventHandlers handlers;
    private final EventClaims claims;
    private final Subjects subjects;
    private final HandOver handOver;
    private final Access access;
    private final InboxMetrics metrics;
    private final Clock clock;
    private final Tracer tracer;

    BunchProcessing(EventHandlers handlers, EventClaims claims, Subjects subjects, HandOver handOver, Access access,
            InboxMetrics metrics, Clock clock, Tracer tracer) {
        this.handlers = handlers;
        this.claims = claims;
        this.subjects = subjects;
        this.handOver = handOver;
        this.access = access;
        this.metrics = metrics;
        this.clock = clock;
        this.tracer = tracer;
    }

    /** An event of a bunch, as its handlers take it. */
    private record Member(Claimed claimed, Event event, Subject subject, List<EventHandler> takers) {
    }

    /** The event that is being applied; none while the rows of all are locked or written. */
    private static final class Turn {
        private @Nullable Member member;
    }

    /**
     * Applies those of the events that can be applied together.
     *
     * @return the ids of those that are over. Each of the others is to be applied alone
     */
    Set<UUID> apply(List<Claimed> claimed) {
        Set<UUID> over = new HashSet<>();
        if (claimed.size() < SMALLEST) {
            return over;
        }
        List<Member> members = claimed.stream().flatMap(one -> member(one).stream()).toList();
        apply(ordinary(members, false), over);
        // Among the others may be the event that makes the payment paid.
        apply(ordinary(members, true), over);
        return over;
    }

    /** Reads an event, if its handlers let it be applied together with others and it has not failed before. */
    private Optional<Member> member(Claimed claimed) {
        if (claimed.attempt() > 1 || claims.isOver(claimed)) {
            return Optional.empty();
        }
        try {
            Event event = claimed.event();
            List<EventHandler> takers = handlers.of(event);
            return EventHandlers.agreed(takers, taker -> taker.subject(event))
                    .map(subject -> new Member(claimed, event, subject, takers));
        } catch (RuntimeException e) {
            LOG.debugf("%s is applied alone, it cannot be read: %s", claimed.eventId(), EventFailure.text(e));
            return Optional.empty();
        }
    }

    private List<Member> ordinary(List<Member> all, boolean onlyPaid) {
        List<Member> members = all.stream().filter(member -> member.subject().onlyPaid() == onlyPaid).toList();
        if (members.size() < SMALLEST) {
            return List.of();
        }
        try {
            Set<Subject> ordinary = subjects.ordinary(subjects(members));
            return members.stream().filter(member -> ordinary.contains(member.subject())).sorted(ORDER).toList();
        } catch (RuntimeException e) {
            LOG.debugf("%d events are applied alone, their payments cannot be read: %s", members.size(), EventFailure.text(e));
            return List.of();
        }
    }

    private void apply(List<Member> bunch, Set<UUID> over) {
        if (bunch.size() < SMALLEST) {
            return;
        }
        Turn turn = new Turn();
        Span span = tracer.spanBuilder("events together").setAttribute("coachpay.events", bunch.size()).startSpan();
        try (Scope scope = span.makeCurrent()) {
            Set<UUID> applied = access.asService(() -> inOneTransaction(bunch, turn));
            bunch.forEach(member -> over.add(member.claimed().id()));
            bunch.stream().map(Member::claimed).filter(claimed -> applied.contains(claimed.id()))
                    .forEach(claimed -> metrics.applied(claimed, clock.instant()));
            metrics.together(applied.size());
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            span.setStatus(StatusCode.ERROR, EventFailure.text(e));
            LOG.debugf("%d events could not be applied together: %s", bunch.size(), EventFailure.text(e));
            metrics.parted();
            partOn(bunch, turn.member, over);
        } finally {
            span.end();
        }
    }

    /** The event at which it failed is to be applied alone, the others in two bunches; all alone, if it failed at none. */
    private void partOn(List<Member> bunch, @Nullable Member failed, Set<UUID> over) {
        if (failed == null) {
            return;
        }
        List<Member> rest = bunch.stream().filter(member -> member != failed).toList();
        apply(rest.subList(0, rest.size() / 2), over);
        apply(rest.subList(rest.size() / 2, rest.size()), over);
    }

    /** Returns the ids of the events that were applied; the claims of the others are void. */
    private Set<UUID> inOneTransaction(List<Member> bunch, Turn turn) {
        // Behind one row that somebody holds all others would wait, and lose their leases.
        claims.waitForLocks(handOver.lease().dividedBy(2));
        Set<UUID> mine = claims.finish(bunch.stream().map(Member::claimed).toList());
        List<Member> members = bunch.stream().filter(member -> mine.contains(member.claimed().id())).toList();
        subjects.lock(subjects(members));
        for (Member member : members) {
            turn.member = member;
            EventProcessing.apply(tracer, member.claimed(), member.event(), member.takers());
        }
        turn.member = null;
        subjects.write();
        return mine;
    }

    private static Set<Subject> subjects(List<Member> members) {
        return members.stream().map(Member::subject).collect(Collectors.toSet());
    }
}
