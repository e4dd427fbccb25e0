package io.coachpay.refund;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripeTransfer;

/** What was taken back from coaches' accounts. */
@ApplicationScoped
class ReversalHandler implements EventHandler {

    private final Refunds refunds;

    ReversalHandler(Refunds refunds) {
        this.refunds = refunds;
    }

    @Override
    public Set<String> types() {
        return Set.of("transfer.reversed");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        refunds.concludeReversals(StripeTransfer.from(event.object()));
    }
}
