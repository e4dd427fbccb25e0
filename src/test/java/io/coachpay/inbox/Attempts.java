package io.coachpay.inbox;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

/** Attempts at events as the inbox makes them, by all of their handlers, but inside the caller's database transaction. */
public final class Attempts {

    private final EventHandlers handlers;

    public Attempts(List<EventHandler> handlers) {
        this.handlers = new EventHandlers(handlers);
    }

    /**
     * Applies an event as one of a series.
     *
     * @return false when it belongs to none, and nothing was done
     */
    public boolean makeInSeries(Event event) {
        List<EventHandler> takers = handlers.of(event);
        if (EventHandlers.agreed(takers, handler -> handler.series(event)).isEmpty()) {
            return false;
        }
        takers.forEach(handler -> handler.apply(event, Fetched.nothing()));
        return true;
    }

    /** The objects of Stripe's that an event's handlers need. */
    public Set<Fetch> wanted(Event event) {
        return Fetching.wanted(handlers.of(event), event);
    }

    /**
     * Applies an event.
     *
     * @param stripe answers what its handlers need
     * @param now when Stripe is asked
     */
    public void make(Event event, Function<Fetch, JsonNode> stripe, Instant now) {
        List<EventHandler> takers = handlers.of(event);
        Map<Fetch, Fetched.Answer> answers = new HashMap<>();
        wanted(event).forEach(fetch -> answers.put(fetch, new Fetched.Answer(stripe.apply(fetch), now)));
        Fetched fetched = new Fetched(answers);
        takers.forEach(handler -> handler.apply(event, fetched));
    }
}
