package io.coachpay.subscription;

import java.time.Clock;
import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripePrice;
import io.coachpay.stripe.StripeProduct;

/**
 * Applies Stripe's events about plans' products and prices. They are rare and their order is unknown, so that the object is
 * read as it is now.
 */
@ApplicationScoped
class PlanHandler implements EventHandler {

    private static final String PRODUCT_UPDATED = "product.updated";
    private static final String PRODUCT_DELETED = "product.deleted";
    private static final String PRICE_UPDATED = "price.updated";
    private static final String PRICE_DELETED = "price.deleted";

    private final Access access;
    private final PlanBooks books;
    private final Clock clock;

    PlanHandler(Access access, PlanBooks books, Clock clock) {
        this.access = access;
        this.books = books;
        this.clock = clock;
    }

    @Override
    public Set<String> types() {
        return Set.of(PRODUCT_UPDATED, PRODUCT_DELETED, PRICE_UPDATED, PRICE_DELETED);
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public List<Fetch> needs(Event event) {
        boolean ours = switch (event.type()) {
            case PRODUCT_UPDATED -> access.asService(() -> books.knowsProduct(event.objectId()));
            case PRICE_UPDATED -> access.asService(() -> books.knowsPrice(event.objectId()));
            default -> false;
        };
        return ours ? List.of(itself(event)) : List.of();
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        switch (event.type()) {
            case PRODUCT_DELETED -> books.productGone(event.objectId(), clock.instant());
            case PRICE_DELETED -> books.priceGone(event.objectId(), clock.instant());
            case PRODUCT_UPDATED, PRICE_UPDATED -> updated(event, fetched);
            default -> throw new IllegalArgumentException(event.type() + " is not an event of a plan");
        }
    }

    /** Another instance may have learned of the price in between: it has heard how the price is then, too. */
    private void updated(Event event, Fetched fetched) {
        Fetch itself = itself(event);
        if (!fetched.holds(itself)) {
            return;
        }
        fetched.find(itself).ifPresent(object -> {
            if (event.type().equals(PRICE_UPDATED)) {
                books.mirror(StripePrice.from(object), fetched.requestedAt(itself));
            } else {
                books.mirror(StripeProduct.from(object), fetched.requestedAt(itself));
            }
        });
    }

    private static Fetch itself(Event event) {
        return new Fetch(event.type().equals(PRICE_UPDATED) ? StripePrice.OBJECT : StripeProduct.OBJECT, event.objectId(),
                null);
    }
}
