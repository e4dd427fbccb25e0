package io.coachpay.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.http.Refused;
import io.coachpay.inbox.InboxMetrics.Outcome;
import io.coachpay.job.Background;
import io.coachpay.job.Backoff;
import io.coachpay.job.Unheard;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;

/** Makes one attempt at a claimed event: find what it needs, fetch it, apply; and decides what follows a failure. */
@ApplicationScoped
class EventProcessing {

    private static final Logger LOG = Logger.getLogger(EventProcessing.class);
    private static final int MOST_CONFLICTS = 5;
    /** The factor from each pause to the next. */
    private static final int FACTOR = 3;

    private final EventHandlers handlers;
    private final Fetching fetching;
    private final EventClaims claims;
    private final Access access;
    private final InboxSignal signal;
    private final InboxMetrics metrics;
    private final InboxSettings settings;
    private final Clock clock;
    private final Tracer tracer;
    private final Backoff backoff;

    EventProcessing(EventHandlers handlers, Fetching fetching, EventClaims claims, Access access, InboxSignal signal,
            InboxMetrics metrics, InboxSettings settings, Clock clock, Tracer tracer) {
        this.handlers = handlers;
        this.fetching = fetching;
        this.claims = claims;
        this.access = access;
        this.signal = signal;
        this.metrics = metrics;
        this.settings = settings;
        this.clock = clock;
        this.tracer = tracer;
        this.backoff = new Backoff(settings.firstPause(), FACTOR, settings.longestPause());
    }

    /**
     * Makes the attempt and records how it ended. An attempt to which Stripe did not listen does not count, and none begins
     * after the lease. Throws only when the record fails; then the lease runs out.
     */
    void make(Claimed claimed) {
        if (claims.isOver(claimed)) {
            LOG.debugf("%s %s waited longer than its lease, and is released untried", claimed.type(), claimed.eventId());
            metrics.count(claimed.endpoint(), claimed.type(), Outcome.LAPSED);
            claims.release(claimed);
            return;
        }
        Span span = span(tracer, claimed);
        try (Scope scope = span.makeCurrent()) {
            attempt(claimed);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            span.setStatus(StatusCode.ERROR, EventFailure.text(e));
            failed(claimed, e);
        } finally {
            span.end();
        }
    }

    /** Applies an event inside the database transaction of several, with no object from Stripe. */
    static void apply(Tracer tracer, Claimed claimed, Event event, List<EventHandler> takers) {
        Span span = span(tracer, claimed);
        try (Scope scope = span.makeCurrent()) {
            Background.run("event", claimed.eventId(), () -> takers.forEach(taker -> taker.apply(event, Fetched.nothing())));
        } finally {
            span.end();
        }
    }

    /** The span in which an event's handlers apply it. */
    private static Span span(Tracer tracer, Claimed claimed) {
        return tracer.spanBuilder("event " + claimed.type()).setAttribute("stripe.event.id", claimed.eventId())
                .setAttribute("coachpay.attempt", claimed.attempt()).startSpan();
    }

    private void attempt(Claimed claimed) {
        if (claimed.attempt() > settings.attempts()) {
            throw new IllegalStateException("Its worker died in each attempt");
        }
        if (handlers.of(claimed.endpoint(), claimed.type()).isEmpty()) {
            ignored(claimed);
            return;
        }
        Event event = claimed.event();
        List<EventHandler> takers = handlers.of(event);
        if (takers.isEmpty()) {
            ignored(claimed);
            return;
        }
        Set<Fetch> wanted = Fetching.wanted(takers, event);
        if (!wanted.isEmpty() && claimed.lane() == Lane.QUICK) {
            claims.handOn(claimed);
            signal.raise(Lane.FETCHING);
            return;
        }
        Fetched fetched = fetching.fetch(wanted);
        if (applied(claimed, takers, event, fetched)) {
            metrics.applied(claimed, clock.instant());
        }
    }

    private void ignored(Claimed claimed) {
        claims.ignore(claimed, null);
        metrics.count(claimed.endpoint(), claimed.type(), Outcome.IGNORED);
    }

    /** Applies the event in one database transaction, again at once when the database rolled it back in favour of another. */
    private boolean applied(Claimed claimed, List<EventHandler> takers, Event event, Fetched fetched) {
        for (int conflicts = 0;; conflicts++) {
            try {
                return access.asService(() -> {
                    if (!claims.finish(claimed)) {
                        return false;
                    }
                    takers.forEach(handler -> handler.apply(event, fetched));
                    return true;
                });
            } catch (RuntimeException e) {
                if (!EventFailure.isConflict(e) || conflicts == MOST_CONFLICTS) {
                    throw e;
                }
                LOG.debugf("%s is applied again after a conflict", claimed.eventId());
            }
        }
    }

    private void failed(Claimed claimed, Throwable failure) {
        String error = EventFailure.text(failure);
        boolean foreign = failure instanceof MissingParent && claimed.event().coachpayId() == null;
        if (failure instanceof Unheard unheard) {
            claims.putOff(claimed, unheard.pause());
            LOG.debugf("%s %s is postponed: %s", claimed.type(), claimed.eventId(), error);
        } else if (foreign && !clock.instant().isBefore(foreignFrom(claimed))) {
            claims.ignore(claimed, "Foreign: " + error);
            metrics.count(claimed.endpoint(), claimed.type(), Outcome.IGNORED);
        } else if (claimed.attempt() >= settings.attempts()) {
            claims.giveUp(claimed, error);
            metrics.count(claimed.endpoint(), claimed.type(), Outcome.DEAD);
            LOG.errorf("%s %s is given up after %d attempts: %s", claimed.type(), claimed.eventId(), claimed.attempt(), error);
        } else {
            Duration pause = pause(claimed, foreign);
            claims.retry(claimed, pause, error);
            metrics.count(claimed.endpoint(), claimed.type(), Outcome.FAILED);
            tell(claimed, pause, failure, error);
        }
    }

    /** The pause before the next attempt. An event that may be foreign is tried again at the moment when that is decided. */
    private Duration pause(Claimed claimed, boolean foreign) {
        Duration pause = backoff.after(claimed.attempt(), ThreadLocalRandom.current());
        if (!foreign) {
            return pause;
        }
        Duration untilDecided = Duration.between(clock.instant(), foreignFrom(claimed));
        return untilDecided.compareTo(pause) < 0 ? untilDecided : pause;
    }

    private Instant foreignFrom(Claimed claimed) {
        return claimed.receivedAt().plus(settings.foreignAfter());
    }

    private static void tell(Claimed claimed, Duration pause, Throwable failure, String error) {
        String text = "%s %s failed, attempt %d, again in %s: %s".formatted(claimed.type(), claimed.eventId(),
                claimed.attempt(),
                pause, error);
        if (failure instanceof MissingParent || failure instanceof Undecided || failure instanceof Refused) {
            LOG.debug(text);
        } else if (claimed.attempt() == 1) {
            LOG.warn(text, EventFailure.told(failure));
        } else {
            LOG.warn(text);
        }
    }
}
