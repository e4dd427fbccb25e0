package io.coachpay.subscription;

import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.http.Reference;
import io.coachpay.payment.OtherVisits;

/** Shows subscribers what became of the page on which they subscribe, before any event has reported it. */
@ApplicationScoped
class SubscriptionVisits implements OtherVisits {

    private final Access access;
    private final SubscriptionsAtStripe stripe;

    SubscriptionVisits(Access access, SubscriptionsAtStripe stripe) {
        this.access = access;
        this.stripe = stripe;
    }

    @Override
    public Optional<OtherVisit> mine(Reference reference) {
        UUID me = access.userId();
        Optional<Subscription> seen = access.asService(() -> find(me, reference));
        seen.filter(row -> row.status() == SubscriptionStatus.REQUESTED).ifPresent(row -> stripe.refresh(row.id()));
        return access.asService(() -> find(me, reference)).map(SubscriptionVisits::visit);
    }

    private static Optional<Subscription> find(UUID me, Reference reference) {
        return reference.find(id -> Subscription.<Subscription> findByIdOptional(id),
                page -> Subscription.<Subscription> find("page.stripeId", page).firstResultOptional())
                .filter(row -> row.userId().equals(me) && !row.page().isDirect());
    }

    private static OtherVisit visit(Subscription row) {
        String status = switch (row.status()) {
            case REQUESTED -> row.page().stripeId() == null ? "requested" : "open";
            case REFUSED -> "refused";
            case EXPIRED -> "expired";
            case INCOMPLETE, INCOMPLETE_EXPIRED, TRIALING, ACTIVE, PAST_DUE, UNPAID, PAUSED, CANCELED -> "complete";
        };
        return new OtherVisit("subscription", status, row.id(), row.page().expiresAt());
    }
}
