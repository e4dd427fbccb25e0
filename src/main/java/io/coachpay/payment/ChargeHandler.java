package io.coachpay.payment;

import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Ids;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.Subject;
import io.coachpay.stripe.StripeCharge;

/**
 * Applies charges: the transfer and the fee that a charge made, and how it was paid. A charge that carries no id of ours and
 * that no payment has is nothing to us: with its payment it is read anyway.
 */
@ApplicationScoped
class ChargeHandler implements EventHandler {

    private final TransactionBooks payments;

    ChargeHandler(TransactionBooks payments) {
        this.payments = payments;
    }

    @Override
    public Set<String> types() {
        return Set.of("charge.succeeded", "charge.updated");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public Optional<Subject> subject(Event event) {
        String intent = StripeCharge.from(event.object()).paymentIntentId();
        return Ids.find(event.coachpayId()).map(payment -> new Subject(payment, intent, false));
    }

    /** One that carries no id of ours pays an invoice, or is nothing to us. */
    @Override
    public Optional<String> series(Event event) {
        return Optional.ofNullable(event.coachpayId() == null ? StripeCharge.from(event.object()).paymentIntentId() : null);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripeCharge charge = StripeCharge.from(event.object());
        String intent = charge.paymentIntentId();
        if (event.coachpayId() != null || intent != null && payments.knows(intent)) {
            payments.apply(charge);
        }
    }
}
