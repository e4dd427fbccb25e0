package io.coachpay.payout;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripePayout;

/** Applies Stripe's events about coaches' payouts, ours and those made in its dashboard. */
@ApplicationScoped
class PayoutHandler implements EventHandler {

    private final PayoutBooks payouts;

    PayoutHandler(PayoutBooks payouts) {
        this.payouts = payouts;
    }

    @Override
    public Set<String> types() {
        return Set.of("payout.created", "payout.updated", "payout.paid", "payout.failed", "payout.canceled",
                "payout.reconciliation_completed");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.CONNECT);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        if (event.account() == null) {
            throw new IllegalArgumentException(event.type() + " without the account it is about");
        }
        payouts.apply(event.account(), StripePayout.from(event.object()), event.created());
    }
}
