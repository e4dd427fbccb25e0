package io.coachpay.refund;

import java.util.List;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripeCharge;
import io.coachpay.stripe.StripeRefund;

/**
 * Applies {@code charge.refunded}. Refunds have events of their own; where those are missing, Stripe is asked for the refunds.
 *
 * @see <a href="https://docs.stripe.com/api/events/types#event_types-charge.refunded">Stripe: charge.refunded</a>
 */
@ApplicationScoped
class RefundedChargeHandler implements EventHandler {

    private final RefundReportBooks books;
    private final Access access;

    RefundedChargeHandler(RefundReportBooks books, Access access) {
        this.books = books;
        this.access = access;
    }

    @Override
    public Set<String> types() {
        return Set.of("charge.refunded");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public List<Fetch> needs(Event event) {
        StripeCharge charge = StripeCharge.from(event.object());
        boolean booked = access.asService(() -> books.areBooked(charge));
        return booked ? List.of() : List.of(charge(event));
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        Fetch charge = charge(event);
        if (fetched.holds(charge)) {
            fetched.find(charge).ifPresent(told -> StripeRefund.of(told)
                    .forEach(refund -> books.apply(refund, fetched.requestedAt(charge))));
        }
    }

    private static Fetch charge(Event event) {
        return new Fetch(StripeCharge.OBJECT, event.object().path("id").asText(), null);
    }
}
