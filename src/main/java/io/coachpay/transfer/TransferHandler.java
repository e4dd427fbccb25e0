package io.coachpay.transfer;

import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Ids;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.Subject;
import io.coachpay.stripe.StripeTransfer;

/** Applies Stripe's events about transfers to coaches and their reversals. */
@ApplicationScoped
class TransferHandler implements EventHandler {

    private final TransferBooks transfers;

    TransferHandler(TransferBooks transfers) {
        this.transfers = transfers;
    }

    @Override
    public Set<String> types() {
        return Set.of("transfer.created", "transfer.updated", "transfer.reversed");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public Optional<Subject> subject(Event event) {
        StripeTransfer transfer = StripeTransfer.from(event.object());
        boolean ofPayment = transfer.coachpayId() == null && transfer.reversals().isEmpty();
        return ofPayment ? Ids.find(transfer.transferGroup()).map(payment -> new Subject(payment, null, false))
                : Optional.empty();
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        transfers.apply(StripeTransfer.from(event.object()));
    }
}
