package io.coachpay.user;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

/** Finds the owners of customers at Stripe, deleted ones too. Locks nothing. */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class CustomerOwners {

    /** The owner of a customer, {@code cus_…}; null for one that is not ours. */
    public @Nullable CustomerOwner of(String stripeId) {
        Customer customer = Customer.<Customer> find("stripeId", stripeId).firstResult();
        return customer == null ? null : customer.owner();
    }
}
