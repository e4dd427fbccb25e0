package io.coachpay.refund;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripeRefund;

/** Applies Stripe's events about refunds, ours and those made in its dashboard. */
@ApplicationScoped
class RefundHandler implements EventHandler {

    private final RefundReportBooks books;

    RefundHandler(RefundReportBooks books) {
        this.books = books;
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
        books.apply(StripeRefund.from(event.object()), event.created());
    }
}
