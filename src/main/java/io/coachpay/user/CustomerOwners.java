package io.coachpay.user;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.quarkus.hibernate.orm.panache.Panache;

/** Finds the owners of customers at Stripe, deleted ones and replaced ones too. Locks nothing. */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class CustomerOwners {

    /** The database keeps the ids that a row had before. */
    private static final String KNOWN = """
            select id from stripe_customers where stripe_customer_id = :id
             union all select id from stripe_customers where former_customers @> array[cast(:id as text)]""";

    /** The owner of a customer, {@code cus_…}; null for one that is not ours. */
    public @Nullable CustomerOwner of(String stripeId) {
        UUID known = (UUID) Panache.getEntityManager().createNativeQuery(KNOWN, UUID.class).setParameter("id", stripeId)
                .getResultStream().findFirst().orElse(null);
        return known == null ? null : Customer.<Customer> findById(known).owner();
    }
}
