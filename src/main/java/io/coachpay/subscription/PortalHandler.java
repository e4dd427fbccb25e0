package io.coachpay.subscription;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;

/**
 * Notes that somebody changed the billing portal's configuration at Stripe, which we never do: it is used no more, and a
 * reconciliation says so.
 */
@ApplicationScoped
class PortalHandler implements EventHandler {

    @Override
    public Set<String> types() {
        return Set.of("billing_portal.configuration.updated");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        PortalConfiguration.byStripeId(event.objectId()).ifPresent(row -> row.altered(event.created()));
    }
}
