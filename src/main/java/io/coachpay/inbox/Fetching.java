package io.coachpay.inbox;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

/** Gets what handlers need besides an event, with no transaction open. */
@ApplicationScoped
class Fetching {

    /** A handler that wants more objects than this for one event has lost its way. */
    private static final int MOST_FETCHES = 20;

    private final ObjectSource objects;
    private final Clock clock;

    Fetching(ObjectSource objects, Clock clock) {
        this.objects = objects;
        this.clock = clock;
    }

    /** What these handlers look for on account of the event. Calls nobody. */
    static Set<Fetch> wanted(List<EventHandler> takers, Event event) {
        Set<Fetch> wanted = new LinkedHashSet<>();
        takers.forEach(handler -> wanted.addAll(handler.needs(event)));
        if (wanted.size() > MOST_FETCHES) {
            throw new IllegalStateException("The handlers of " + event.type() + " ask for " + wanted.size() + " objects");
        }
        return wanted;
    }

    /** Gets all of it from Stripe. */
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
