package io.coachpay.payment;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Reference;
import io.quarkus.arc.All;

/** The door to the caller's visits to Stripe's page, for a payer who comes back from one before any event has reported it. */
@ApplicationScoped
class Checkouts {

    private final Access access;
    private final CheckoutsAtStripe atStripe;
    private final List<OtherVisits> others;

    Checkouts(Access access, CheckoutsAtStripe atStripe, @All List<OtherVisits> others) {
        this.access = access;
        this.atStripe = atStripe;
        this.others = others;
    }

    /** A visit and the payment that it is for. */
    record Visit(CheckoutSession page, Transaction payment) {
    }

    /**
     * Returns a visit of the caller's on which a payment begins; empty for an unknown one, for another user's, and for a page
     * on which something else begins. While its page may be open, Stripe is asked first, and what it says is applied as an
     * event would be.
     */
    Optional<Visit> mine(Reference reference) {
        Optional<Visit> seen = read(reference);
        Optional<String> open = seen.map(Visit::page).filter(CheckoutSession::mayHaveChanged).map(CheckoutSession::stripeId);
        if (open.isEmpty()) {
            return seen;
        }
        atStripe.refresh(open.get());
        return read(reference);
    }

    /**
     * Returns a visit of the caller's on which no payment of ours begins, such as one to subscribe.
     *
     * @throws NotFound for an unknown visit, and for another user's (404)
     */
    OtherVisits.OtherVisit other(Reference reference) {
        return others.stream().flatMap(visits -> visits.mine(reference).stream()).findFirst()
                .orElseThrow(() -> new NotFound("checkout session"));
    }

    @Transactional
    Optional<Visit> read(Reference reference) {
        UUID me = access.userId();
        return reference.find(id -> CheckoutSession.<CheckoutSession> findByIdOptional(id), CheckoutSession::byStripeId)
                .filter(page -> page.userId().equals(me))
                .map(page -> new Visit(page, TransactionQueries.known(page.transactionId())));
    }
}
