package io.coachpay.payment;

import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.Undecided;
import io.coachpay.stripe.StripePaymentMethod;

/**
 * Mirrors saved payment methods from Stripe; stale events change nothing. The row of a removed one stays as a mark, so that a
 * stale event does not bring it back.
 */
@ApplicationScoped
class PaymentMethodHandler implements EventHandler {

    private static final String DETACHED = "payment_method.detached";

    private final PaymentMethodBooks books;
    private final Access access;

    PaymentMethodHandler(PaymentMethodBooks books, Access access) {
        this.books = books;
        this.access = access;
    }

    @Override
    public Set<String> types() {
        return Set.of("payment_method.attached", "payment_method.updated", "payment_method.automatically_updated", DETACHED);
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public List<Fetch> needs(Event event) {
        boolean fetch = !event.type().equals(DETACHED)
                && access.asService(() -> books.onlyFetchTells(event.objectId(), event.created()));
        return fetch ? List.of(itself(event)) : List.of();
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripePaymentMethod method = StripePaymentMethod.from(event.object());
        if (event.type().equals(DETACHED) || method.customerId() == null) {
            books.removed(method, event.previousAttributes().path("customer").textValue(), event.created());
        } else if (books.onlyFetchTells(method.id(), event.created())) {
            // Another event of this second may have come in between: then nothing was fetched, and the event is retried.
            if (!fetched.holds(itself(event))) {
                throw new Undecided(method.id());
            }
            fetched.find(itself(event)).map(StripePaymentMethod::from).ifPresent(now -> read(now, event, fetched));
        } else if (books.mirror(method.customerId(), method, event.created()).isEmpty()) {
            throw new MissingParent("owner of " + method.id());
        }
    }

    private void read(StripePaymentMethod now, Event event, Fetched fetched) {
        if (now.customerId() == null) {
            books.removed(now.id(), fetched.requestedAt(itself(event)));
        } else if (!books.mirrorRead(now.customerId(), now, fetched.requestedAt(itself(event)))) {
            throw new Undecided(now.id());
        }
    }

    private static Fetch itself(Event event) {
        return new Fetch(StripePaymentMethod.OBJECT, event.objectId(), null);
    }
}
