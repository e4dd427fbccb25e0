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

    /**
     * Whether the owner of the subscription with our id has another one, so that what it cost goes back. Locks nothing: its
     * invoices hold it already, and to lock it more strictly would wait for those who wait for them.
     */
    public boolean isSurplus(UUID id) {
        // A row that was read before would be told as it was then.
        return Subscription.find("select s.surplus from Subscription s where s.id = ?1", id).project(Boolean.class)
                .firstResultOptional().orElse(false);
    }
}
