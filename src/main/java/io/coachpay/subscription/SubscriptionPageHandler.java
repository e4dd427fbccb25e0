package io.coachpay.subscription;

import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeSubscription;

/** Applies Stripe's events about pages on which subscriptions begin. The event names its subscription, which is fetched. */
@ApplicationScoped
class SubscriptionPageHandler implements EventHandler {

    private static final String MODE = "subscription";
    private static final String EXPIRED = "checkout.session.expired";

    private final SubscriptionBooks books;

    SubscriptionPageHandler(SubscriptionBooks books) {
        this.books = books;
    }

    @Override
    public Set<String> types() {
        return Set.of("checkout.session.completed", EXPIRED);
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    /** Pages for payments and for saved cards belong to another handler. */
    @Override
    public boolean takes(Event event) {
        return MODE.equals(event.object().path("mode").asText());
    }

    @Override
    public List<Fetch> needs(Event event) {
        StripeCheckoutSession page = StripeCheckoutSession.from(event.object());
        return page.subscriptionId() != null ? List.of(fetch(page.subscriptionId())) : List.of();
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        StripeCheckoutSession page = StripeCheckoutSession.from(event.object());
        if (event.type().equals(EXPIRED)) {
            books.expired(page);
        } else if (page.subscriptionId() != null) {
            Fetch begun = fetch(page.subscriptionId());
            StripeSubscription stripes = fetched.find(begun).map(StripeSubscription::from)
                    .orElseThrow(() -> new MissingParent("subscription " + page.subscriptionId()));
            // What was mirrored since it was read is as new, or newer.
            books.mirrorRead(stripes, fetched.requestedAt(begun));
        }
    }

    private static Fetch fetch(String subscription) {
        return new Fetch(StripeSubscription.OBJECT, subscription, null);
    }
}
