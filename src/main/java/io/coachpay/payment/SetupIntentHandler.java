package io.coachpay.payment;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeSetupIntent;

/**
 * Applies Stripe's events about SetupIntents. One that succeeded names its method but does not carry it, so that it is fetched.
 * Those that others began are not ours; what they save is reported by itself.
 */
@ApplicationScoped
class SetupIntentHandler implements EventHandler {

    private static final String SUCCEEDED = "setup_intent.succeeded";

    private final PaymentMethodSetupBooks books;

    SetupIntentHandler(PaymentMethodSetupBooks books) {
        this.books = books;
    }

    @Override
    public Set<String> types() {
        return Set.of(SUCCEEDED, "setup_intent.setup_failed", "setup_intent.canceled", "setup_intent.requires_action");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public List<Fetch> needs(Event event) {
        return event.coachpayId() != null && event.type().equals(SUCCEEDED) ? List.of(fetch(event.objectId())) : List.of();
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        if (event.coachpayId() == null) {
            return;
        }
        if (event.type().equals(SUCCEEDED)) {
            StripeSetupIntent intent = read(event.objectId(), fetched);
            books.apply(intent, intent.paymentMethod(), askedAt(event.objectId(), fetched));
        } else {
            books.apply(StripeSetupIntent.from(event.object()), null, event.created());
        }
    }

    static Fetch fetch(String intent) {
        return new Fetch(StripeSetupIntent.OBJECT, intent, null);
    }

    static StripeSetupIntent read(String intent, Fetched fetched) {
        return fetched.find(fetch(intent)).map(StripeSetupIntent::from)
                .orElseThrow(() -> new MissingParent("setup intent " + intent));
    }

    static Instant askedAt(String intent, Fetched fetched) {
        return fetched.requestedAt(fetch(intent));
    }
}
