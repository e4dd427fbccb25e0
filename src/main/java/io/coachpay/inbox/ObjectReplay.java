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
 * Tells the handlers of an object as it stands at Stripe now, as its event would have done had it come. Facts are booked once
 * and states only advance, so it does no harm to tell what was told before. This is how what is older than Stripe's list of
 * events is made up for.
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
     * Has the handlers of an event type take over an object. Calls Stripe where they need more, so no transaction may be open.
     *
     * @param type of the event that would tell it, such as {@code transfer.created}
     * @param account the connected account it lives in; null for the platform's own
     * @param asOf when Stripe was asked for it
     * @return whether there is anybody who takes such events
     * @throws MissingParent when it belongs to nothing of ours
     */
    public boolean tell(String type, @Nullable String account, JsonNode object, Instant asOf) {
        Endpoint endpoint = account == null ? Endpoint.PLATFORM : Endpoint.CONNECT;
        List<EventHandler> takers = handlers.of(endpoint, type);
        Event event = new Event(Ids.next(), "retold " + object.path("id").asText(), account, endpoint, type, null, asOf,
                object.path("livemode").asBoolean(), object, MissingNode.getInstance());
        Fetched fetched = fetching.fetch(Fetching.wanted(takers, event));
        access.runAsService(() -> takers.forEach(handler -> handler.apply(event, fetched)));
        return !takers.isEmpty();
    }
}
