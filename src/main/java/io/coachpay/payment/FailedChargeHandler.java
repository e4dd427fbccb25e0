package io.coachpay.payment;

import java.util.Set;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeCard;
import io.coachpay.stripe.StripeCharge;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.CustomerOwners;

/**
 * Counts cards that were refused for payments which Stripe began: on the page of a subscription, whose payment names nothing of
 * ours before it succeeds, and for an invoice. They count for the customer's owner and the card; nobody knows the address.
 */
@ApplicationScoped
class FailedChargeHandler implements EventHandler {

    private final CardLimitBooks limits;
    private final CustomerOwners customers;

    FailedChargeHandler(CardLimitBooks limits, CustomerOwners customers) {
        this.limits = limits;
        this.customers = customers;
    }

    @Override
    public Set<String> types() {
        return Set.of("charge.failed");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    /** Refusals of payments that we began count with those, for the address that opened them too. */
    @Override
    public boolean takes(Event event) {
        return event.coachpayId() == null;
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripeCharge charge = StripeCharge.from(event.object());
        CustomerOwner owner = charge.customerId() == null ? null : customers.of(charge.customerId());
        if (owner == null) {
            throw new MissingParent("customer of " + charge.id());
        }
        UUID user = owner.userId();
        StripeCard card = charge.card();
        if (user != null && card != null) {
            limits.declined(user, charge.id(), card.fingerprint(), null);
        }
    }
}
