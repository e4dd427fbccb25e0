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

    private static final String FAILED = "payment_intent.payment_failed";

    private final TransactionBooks payments;
    private final CardLimitBooks limits;
    private final PaymentAddressBooks addresses;

    PaymentIntentHandler(TransactionBooks payments, CardLimitBooks limits, PaymentAddressBooks addresses) {
        this.payments = payments;
        this.limits = limits;
        this.addresses = addresses;
    }

    @Override
    public Set<String> types() {
        return Set.of("payment_intent.succeeded", "payment_intent.processing", FAILED,
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
        StripePaymentIntent intent = StripePaymentIntent.from(event.object());
        Transaction payment = payments.apply(intent, Origin.of(event), event.created());
        StripePaymentIntent.LastError error = intent.lastError();
        if (event.type().equals(FAILED) && error != null && error.isOfCard()) {
            limits.declined(payment.terms().payerId(), CardLimitBooks.attempt(intent.id(), error), error.fingerprint(),
                    addresses.of(payment.id()));
        }
    }
}
