package io.coachpay.invoice;

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
import io.coachpay.payment.Origin;
import io.coachpay.stripe.StripeInvoice;

/**
 * Mirrors invoices from Stripe's events. {@code invoice.paid} moves no money here: it comes as well where nothing was due, and
 * where money came outside of Stripe.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/webhooks">Stripe: events of invoices</a>
 */
@ApplicationScoped
class InvoiceHandler implements EventHandler {

    private static final String PREFIX = "invoice.";
    private static final String DELETED = PREFIX + "deleted";

    private final Access access;
    private final InvoiceBooks books;

    InvoiceHandler(Access access, InvoiceBooks books) {
        this.access = access;
        this.books = books;
    }

    @Override
    public Set<String> types() {
        return Set.of(PREFIX + "created", PREFIX + "finalized", PREFIX + "finalization_failed", PREFIX + "updated",
                PREFIX + "paid", PREFIX + "payment_failed", PREFIX + "payment_action_required", PREFIX + "overdue",
                PREFIX + "overpaid", PREFIX + "voided", PREFIX + "marked_uncollectible", DELETED);
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public List<Fetch> needs(Event event) {
        if (event.type().equals(DELETED)) {
            return List.of();
        }
        StripeInvoice said = StripeInvoice.from(event.object());
        boolean fetch = access.asService(() -> books.onlyFetchTells(said, becomes(event, said), event.created()));
        return fetch ? List.of(itself(event)) : List.of();
    }

    @Override
    public Optional<String> series(Event event) {
        boolean whole = !event.type().equals(DELETED) && StripeInvoice.from(event.object()).whole();
        return Optional.ofNullable(whole ? event.objectId() : null);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        Origin from = Origin.of(event);
        Fetch itself = itself(event);
        if (fetched.holds(itself)) {
            fetched.find(itself).map(StripeInvoice::from).ifPresent(now -> {
                if (!books.mirrorRead(now, from, fetched.requestedAt(itself))) {
                    throw new Undecided(event.objectId());
                }
            });
        } else {
            StripeInvoice said = StripeInvoice.from(event.object());
            books.mirror(said, becomes(event, said), from, event.created());
        }
    }

    private static InvoiceStatus becomes(Event event, StripeInvoice said) {
        return event.type().equals(DELETED) ? InvoiceStatus.DELETED : InvoiceStatus.stripes(said.status());
    }

    private static Fetch itself(Event event) {
        return new Fetch(StripeInvoice.OBJECT, event.objectId(), null);
    }
}
