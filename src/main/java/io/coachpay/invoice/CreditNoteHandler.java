package io.coachpay.invoice;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.stripe.StripeCreditNote;

/**
 * Mirrors credit notes from Stripe's events. What they give back is booked from refunds.
 *
 * @see <a href="https://docs.stripe.com/invoicing/integration/programmatic-credit-notes">Stripe: credit notes</a>
 */
@ApplicationScoped
class CreditNoteHandler implements EventHandler {

    private final CreditNoteBooks books;

    CreditNoteHandler(CreditNoteBooks books) {
        this.books = books;
    }

    @Override
    public Set<String> types() {
        return Set.of("credit_note.created", "credit_note.updated", "credit_note.voided");
    }

    @Override
    public Set<Endpoint> endpoints() {
        return Set.of(Endpoint.PLATFORM);
    }

    @Override
    public void apply(Event event, Fetched fetched) {
        books.mirror(StripeCreditNote.from(event.object()), event.created());
    }
}
