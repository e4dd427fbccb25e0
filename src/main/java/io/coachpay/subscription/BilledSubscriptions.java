package io.coachpay.subscription;

import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.user.CustomerOwner;

/** Finds the subscriptions that invoices bill. */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class BilledSubscriptions {

    /** A subscription that is billed. */
    public record Billed(UUID id, CustomerOwner owner) {

        private static Billed of(Subscription row) {
            return new Billed(row.id(), CustomerOwner.person(row.userId()));
        }
    }

    /**
     * The subscription with this id at Stripe, or the one that Stripe is about to make for our row. Locks nothing.
     *
     * @param row our id in its metadata; null for one that others made
     */
    public Optional<Billed> find(String stripeId, @Nullable UUID row) {
        Optional<Subscription> known = Subscription.<Subscription> find("stripeId", stripeId).firstResultOptional();
        if (known.isPresent() || row == null) {
            return known.map(Billed::of);
        }
        return Subscription.<Subscription> findByIdOptional(row).filter(begun -> begun.stripeId() == null).map(Billed::of);
    }

    /** Whether the subscription with our id has ended for good. */
    public boolean hasEnded(UUID id) {
        Subscription row = SubscriptionQueries.byId(id);
        return row != null && row.status().isFinal();
    }

    /** Locks the subscription with our id, and answers whether its owner has another one, so that what it cost goes back. */
    public boolean lockedIsSurplus(UUID id) {
        Subscription row = SubscriptionQueries.locked(id);
        if (row == null) {
            return false;
        }
        // A lock alone leaves a row as it was read before.
        Subscription.getEntityManager().refresh(row);
        return row.isSurplus();
    }
}
