package io.coachpay.dispute;

import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeDispute;

/**
 * Has a dispute refreshed on each of its events. Disputes are few, and several of their events come within one second, which
 * gives them no order.
 */
@ApplicationScoped
class DisputeHandler implements EventHandler {

    private final DisputeBooks books;

    DisputeHandler(DisputeBooks books) {
        this.books = books;
    }

    @Override
    public Set<String> types() {
        return Set.of("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
                "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public List<Fetch> needs(Event event) {
        return List.of(itself(event));
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        Fetch itself = itself(event);
        JsonNode dispute = fetched.find(itself).orElseThrow(() -> new MissingParent("dispute " + event.objectId()));
        books.apply(StripeDispute.from(dispute), fetched.requestedAt(itself));
    }

    private static Fetch itself(Event event) {
        return new Fetch(StripeDispute.OBJECT, event.objectId(), null);
    }
}
