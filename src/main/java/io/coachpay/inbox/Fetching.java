package io.coachpay.inbox;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

/** Fetches the objects that handlers need besides an event, while no database transaction is open. */
@ApplicationScoped
class Fetching {

    /** A handler that wants more objects than this for one event has a bug. */
    private static final int MOST_FETCHES = 20;

    private final ObjectSource objects;
    private final Clock clock;

    Fetching(ObjectSource objects, Clock clock) {
        this.objects = objects;
        this.clock = clock;
    }

    /** The objects that these handlers need for the event. Does not call Stripe. */
    static Set<Fetch> wanted(List<EventHandler> takers, Event event) {
        Set<Fetch> wanted = new LinkedHashSet<>();
        takers.forEach(handler -> wanted.addAll(handler.needs(event)));
        if (wanted.size() > MOST_FETCHES) {
            throw new IllegalStateException("The handlers of " + event.type() + " ask for " + wanted.size() + " objects");
        }
        return wanted;
    }

    /** Fetches all of them from Stripe. */
    Fetched fetch(Set<Fetch> wanted) {
        if (wanted.isEmpty()) {
            return Fetched.nothing();
        }
        Map<Fetch, Fetched.Answer> answers = new HashMap<>();
        for (Fetch fetch : wanted) {
            Instant requestedAt = clock.instant();
            answers.put(fetch, new Fetched.Answer(objects.fetch(fetch), requestedAt));
        }
        return new Fetched(answers);
    }
}
