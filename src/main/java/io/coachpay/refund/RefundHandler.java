package io.coachpay.refund;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripeRefund;

/** What Stripe tells of refunds, ours and those made in its dashboard. */
@ApplicationScoped
class RefundHandler implements EventHandler {

    private final Refunds refunds;

    RefundHandler(Refunds refunds) {
        this.refunds = refunds;
    }

    @Override
    public Set<String> types() {
        return Set.of("refund.created", "refund.updated", "refund.failed");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        refunds.conclude(StripeRefund.from(event.object()), event.created());
    }
}
