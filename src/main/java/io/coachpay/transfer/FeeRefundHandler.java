package io.coachpay.transfer;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripeApplicationFee;

/** Applies Stripe's events about refunds of application fees. */
@ApplicationScoped
class FeeRefundHandler implements EventHandler {

    private final TransferBooks transfers;

    FeeRefundHandler(TransferBooks transfers) {
        this.transfers = transfers;
    }

    @Override
    public Set<String> types() {
        return Set.of("application_fee.refunded");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripeApplicationFee fee = StripeApplicationFee.from(event.object());
        transfers.apply(fee, fee.refunds());
    }
}
