package io.coachpay.user;

import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.Undecided;
import io.coachpay.stripe.StripeCustomer;

/**
 * Applies Stripe's events about customers.
 *
 * @see <a href="https://docs.stripe.com/api/events/types#event_types-customer.created">Stripe: types of events</a>
 */
@ApplicationScoped
class CustomerHandler implements EventHandler {

    private static final String CREATED = "customer.created";
    private static final String UPDATED = "customer.updated";
    private static final String DELETED = "customer.deleted";

    private final CustomerBooks books;
    private final Access access;

    CustomerHandler(CustomerBooks books, Access access) {
        this.books = books;
        this.access = access;
    }

    @Override
    public Set<String> types() {
        return Set.of(CREATED, UPDATED, DELETED);
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public List<Fetch> needs(Event event) {
        boolean fetch = event.type().equals(UPDATED) && access.asService(
                () -> books.onlyFetchTells(StripeCustomer.from(event.object()), event.created()));
        return fetch ? List.of(itself(event)) : List.of();
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripeCustomer said = StripeCustomer.from(event.object());
        switch (event.type()) {
            case CREATED -> books.made(said, event.created());
            case DELETED -> books.deleted(said);
            case UPDATED -> updated(said, event, fetched);
            default -> throw new IllegalArgumentException(event.type() + " is not an event of a customer");
        }
    }

    private void updated(StripeCustomer said, Event event, Fetched fetched) {
        if (!books.onlyFetchTells(said, event.created())) {
            books.mirror(said, event.created());
            return;
        }
        // Another event of this second may have come in between: then nothing was fetched, and the event is retried.
        Fetch itself = itself(event);
        if (!fetched.holds(itself)) {
            throw new Undecided(event.objectId());
        }
        fetched.find(itself).map(StripeCustomer::from)
                .ifPresent(now -> {
                    if (!books.mirrorRead(now, fetched.requestedAt(itself))) {
                        throw new Undecided(event.objectId());
                    }
                });
    }

    private static Fetch itself(Event event) {
        return new Fetch(StripeCustomer.OBJECT, event.objectId(), null);
    }
}
