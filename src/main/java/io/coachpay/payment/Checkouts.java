package io.coachpay.payment;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Reference;

/** The door to the caller's visits to Stripe's page, for a payer who comes back from one before any event has reported it. */
@ApplicationScoped
class Checkouts {

    private final Access access;
    private final CheckoutsAtStripe atStripe;

    Checkouts(Access access, CheckoutsAtStripe atStripe) {
        this.access = access;
        this.atStripe = atStripe;
    }

    /** A visit and the payment that it is for. */
    record Visit(CheckoutSession page, Transaction payment) {
    }

    /**
     * Returns a visit of the caller's. While its page may be open, Stripe is asked first, and what it says is applied as an
     * event
     * would be.
     *
     * @throws NotFound for an unknown visit, and for another user's (404)
     */
    Visit mine(Reference reference) {
        Visit seen = read(reference);
        String page = seen.page().stripeId();
        if (page == null || !seen.page().mayHaveChanged()) {
            return seen;
        }
        atStripe.refresh(page);
        return read(reference);
    }

    @Transactional
    Visit read(Reference reference) {
        UUID me = access.userId();
        return reference.find(id -> CheckoutSession.<CheckoutSession> findByIdOptional(id), CheckoutSession::byStripeId)
                .filter(page -> page.userId().equals(me))
                .map(page -> new Visit(page, TransactionQueries.known(page.transactionId())))
                .orElseThrow(() -> new NotFound("checkout session"));
    }
}
