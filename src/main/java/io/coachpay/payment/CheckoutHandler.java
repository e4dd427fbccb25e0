package io.coachpay.payment;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.Subject;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.stripe.StripeSetupIntent;

/**
 * Applies Stripe's events about Checkout Sessions. The event names its payment, or its setup, but does not carry it, so that is
 * fetched.
 */
@ApplicationScoped
class CheckoutHandler implements EventHandler {

    private static final String SETUP = "setup";

    private final TransactionBooks payments;
    private final PaymentMethodSetupBooks setups;

    CheckoutHandler(TransactionBooks payments, PaymentMethodSetupBooks setups) {
        this.payments = payments;
        this.setups = setups;
    }

    @Override
    public Set<String> types() {
        return Set.of("checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
                "checkout.session.async_payment_failed");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    /** Pages on which subscriptions begin belong to another handler. */
    @Override
    public boolean takes(Event event) {
        return !"subscription".equals(event.object().path("mode").asText());
    }

    @Override
    public List<Fetch> needs(Event event) {
        StripeCheckoutSession page = StripeCheckoutSession.from(event.object());
        if (SETUP.equals(page.mode()) && page.setupIntentId() != null && event.coachpayId() != null) {
            return List.of(SetupIntentHandler.fetch(page.setupIntentId()));
        }
        return page.paymentIntentId() == null ? List.of() : List.of(fetch(page.paymentIntentId()));
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripeCheckoutSession page = StripeCheckoutSession.from(event.object());
        if ("payment".equals(page.mode())) {
            payments.apply(page, payment(page, fetched), Origin.of(event), event.created());
        } else if (SETUP.equals(page.mode()) && event.coachpayId() != null) {
            apply(page, page.setupIntentId(), event, fetched);
        }
    }

    private void apply(StripeCheckoutSession page, @Nullable String setup, Event event, Fetched fetched) {
        if (setup == null) {
            setups.apply(page, null, null, event.created());
            return;
        }
        StripeSetupIntent intent = SetupIntentHandler.read(setup, fetched);
        setups.apply(page, intent, intent.paymentMethod(), SetupIntentHandler.askedAt(setup, fetched));
    }

    /** Of a payment that we know as paid nothing more is to be learned from its PaymentIntent. */
    @Override
    public Optional<Subject> subject(Event event) {
        StripeCheckoutSession page = StripeCheckoutSession.from(event.object());
        return Ids.find(event.coachpayId()).filter(payment -> page.paymentIntentId() != null)
                .map(payment -> new Subject(payment, page.paymentIntentId(), true));
    }

    private static @Nullable StripePaymentIntent payment(StripeCheckoutSession page, Fetched fetched) {
        if (page.paymentIntentId() == null || !fetched.holds(fetch(page.paymentIntentId()))) {
            return null;
        }
        return fetched.find(fetch(page.paymentIntentId())).map(StripePaymentIntent::from)
                .orElseThrow(() -> new MissingParent("payment " + page.paymentIntentId()));
    }

    private static Fetch fetch(String payment) {
        return new Fetch(StripePaymentIntent.OBJECT, payment, null);
    }
}
