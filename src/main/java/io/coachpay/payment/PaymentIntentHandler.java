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

/**
 * Applies Stripe's events about PaymentIntents. Of one that carries no id of ours and that no payment has, Stripe tells by what
 * it pays once it has succeeded: then this event is nothing to us.
 */
@ApplicationScoped
class PaymentIntentHandler implements EventHandler {

    private static final String SUCCEEDED = "payment_intent.succeeded";

    private final TransactionBooks payments;

    PaymentIntentHandler(TransactionBooks payments) {
        this.payments = payments;
    }

    @Override
    public Set<String> types() {
        return Set.of(SUCCEEDED, "payment_intent.processing", "payment_intent.payment_failed",
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

    /** One that carries no id of ours pays an invoice, or is nothing to us. */
    @Override
    public Optional<String> series(Event event) {
        return Optional.ofNullable(isOthersSuccess(event) ? event.objectId() : null);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        if (!isOthersSuccess(event) || payments.knows(event.objectId())) {
            payments.apply(StripePaymentIntent.from(event.object()), Origin.of(event), event.created());
        }
    }

    private static boolean isOthersSuccess(Event event) {
        return event.type().equals(SUCCEEDED) && event.coachpayId() == null;
    }
}
