package io.coachpay.reporting;

import java.util.List;
import java.util.UUID;

import jakarta.persistence.EntityManager;

import org.jspecify.annotations.Nullable;

/**
 * A person with their ids at Stripe.
 *
 * @param stripeCustomerId {@code cus_…}; null before the first need of one
 * @param stripeConnectAccountId {@code acct_…}; null unless a coach
 * @param defaultPaymentMethodId our id of the saved payment method used first; null without one
 * @param emailRefused whether Stripe did not take the e-mail, so that it writes no receipts there
 */
record Me(UUID id, @Nullable String email, @Nullable String name, @Nullable String stripeCustomerId,
        @Nullable String stripeConnectAccountId, @Nullable UUID defaultPaymentMethodId, boolean emailRefused) {

    /** Reads four tables in one query. */
    private static final String LOOK = """
            select u.id, u.email, u.name, c.stripe_customer_id, a.stripe_account_id, m.id,
                   coalesce(c.refused_email = u.email, false)
              from users u
              left join stripe_customers c on c.user_id = u.id and c.sync_status <> 'missing'
              left join stripe_connected_accounts a on a.user_id = u.id
              left join payment_methods m on m.user_id = u.id and m.is_default
             where u.id = :id""";

    /** The person with this id; null when there is none that the database transaction's role may see. */
    static @Nullable Me of(EntityManager entities, UUID userId) {
        List<?> rows = entities.createNativeQuery(LOOK, Object[].class).setParameter("id", userId)
                .getResultList();
        if (rows.isEmpty()) {
            return null;
        }
        Object[] row = (Object[]) rows.get(0);
        return new Me((UUID) row[0], (String) row[1], (String) row[2], (String) row[3], (String) row[4], (UUID) row[5],
                (Boolean) row[6]);
    }
}
