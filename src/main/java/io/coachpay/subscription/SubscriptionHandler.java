package io.coachpay.subscription;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.Undecided;
import io.coachpay.stripe.StripeSubscription;

/**
 * Mirrors subscriptions from Stripe's events, all by one verb. Of two events of one second only a look at Stripe shows which is
 * newer.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/webhooks">Stripe: events of subscriptions</a>
 */
@ApplicationScoped
class SubscriptionHandler implements EventHandler {

    private static final String PREFIX = "customer.subscription.";

    private final Access access;
    private final SubscriptionBooks books;

    SubscriptionHandler(Access access, SubscriptionBooks books) {
        this.access = access;
        this.books = books;
    }

    @Override
    public Set<String> types() {
        return Set.of(PREFIX + "created", PREFIX + "updated", PREFIX + "deleted", PREFIX + "paused", PREFIX + "resumed",
                PREFIX + "trial_will_end", PREFIX + "pending_update_applied", PREFIX + "pending_update_expired");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public List<Fetch> needs(Event event) {
        StripeSubscription said = StripeSubscription.from(event.object());
        boolean fetch = access.asService(() -> books.onlyFetchTells(said, event.created()));
        return fetch ? List.of(itself(event)) : List.of();
    }

    @Override
    public Optional<String> series(Event event) {
        return Optional.of(event.objectId());
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        Fetch itself = itself(event);
        if (!fetched.holds(itself)) {
            books.mirror(StripeSubscription.from(event.object()), event.created());
            return;
        }
        fetched.find(itself).map(StripeSubscription::from).ifPresent(now -> {
            if (!books.mirrorRead(now, fetched.requestedAt(itself))) {
                throw new Undecided(event.objectId());
            }
        });
    }

    private static Fetch itself(Event event) {
        return new Fetch(StripeSubscription.OBJECT, event.objectId(), null);
    }
}
