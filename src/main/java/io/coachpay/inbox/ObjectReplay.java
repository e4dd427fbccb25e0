package io.coachpay.inbox;

import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.coachpay.access.Access;
import io.coachpay.access.Ids;

/**
 * Hands a freshly fetched object to the handlers of its event type, as if the event had been delivered. Safe to repeat: facts
 * are booked once and states only advance. Recovers what Stripe's list of events no longer holds.
 */
@ApplicationScoped
public class ObjectReplay {

    private final EventHandlers handlers;
    private final Fetching fetching;
    private final Access access;

    ObjectReplay(EventHandlers handlers, Fetching fetching, Access access) {
        this.handlers = handlers;
        this.fetching = fetching;
        this.access = access;
    }

    /**
     * Hands an object to the handlers of an event type. Calls Stripe where they need more, so no database transaction may be
     * open.
     *
     * @param type of the event that would bring it, such as {@code transfer.created}
     * @param account the connected account it lives in; null for the platform's own
     * @param asOf when Stripe was asked for it
     * @return whether any handler takes such events
     * @throws MissingParent when it belongs to nothing of ours
     * @throws Undecided when it was mirrored meanwhile, so that only another look shows which state is newer
     */
    public boolean tell(String type, @Nullable String account, JsonNode object, Instant asOf) {
        Endpoint endpoint = account == null ? Endpoint.PLATFORM : Endpoint.CONNECT;
        Event event = new Event(Ids.next(), null, account, endpoint, type, null, asOf,
                object.path("livemode").asBoolean(), object, MissingNode.getInstance());
        List<EventHandler> takers = handlers.of(event);
        Fetched fetched = fetching.fetch(Fetching.wanted(takers, event));
        access.runAsService(() -> takers.forEach(handler -> handler.apply(event, fetched)));
        return !takers.isEmpty();
    }
}
