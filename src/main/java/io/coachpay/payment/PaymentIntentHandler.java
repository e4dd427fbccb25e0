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
import io.coachpay.stripe.StripePaymentIntent;

/** Applies Stripe's events about PaymentIntents. */
@ApplicationScoped
class PaymentIntentHandler implements EventHandler {

    private final TransactionBooks payments;

    PaymentIntentHandler(TransactionBooks payments) {
        this.payments = payments;
    }

    @Override
    public Set<String> types() {
        return Set.of("payment_intent.succeeded", "payment_intent.processing", "payment_intent.payment_failed",
                "payment_intent.canceled", "payment_intent.requires_action");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public Optional<Subject> subject(Event event) {
        return Ids.find(event.coachpayId()).map(payment -> new Subject(payment, event.objectId(), false));
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        payments.apply(StripePaymentIntent.from(event.object()), Origin.of(event), event.created());
    }
}
