package io.coachpay.user;

import java.util.List;
import java.util.UUID;

import io.quarkus.hibernate.orm.panache.Panache;

/**
 * Chooses customers about whom Stripe has yet to hear something, longest not tried first. Each of them is due again after the
 * others, also after a failure.
 */
final class CustomerTurns {

    private static final String UNPUSHED = """
            update stripe_customers set push_tried_at = clock_timestamp()
             where id in (select id from stripe_customers
                           where sync_status = 'pending' and stripe_customer_id is not null and user_id is not null
                           order by push_tried_at nulls first, id limit :most for update skip locked)
            returning id""";

    private static final String WISHES = """
            update stripe_customers set push_tried_at = clock_timestamp()
             where id in (select id from stripe_customers
                           where wanted_default is not null and stripe_customer_id is not null
                           order by push_tried_at nulls first, id limit :most for update skip locked)
            returning id""";

    private CustomerTurns() {
    }

    /** Customers with names or addresses that Stripe does not have. */
    static List<Customer> unpushed(int atMost) {
        List<UUID> taken = taken(UNPUSHED, atMost);
        return taken.isEmpty() ? List.of() : Customer.list("id in ?1", taken);
    }

    /** Rows of customers whose default payment method Stripe has yet to hear of. */
    static List<UUID> withWishes(int atMost) {
        return taken(WISHES, atMost);
    }

    private static List<UUID> taken(String statement, int atMost) {
        return Panache.getEntityManager().createNativeQuery(statement, UUID.class).setParameter("most", atMost)
                .getResultStream().map(UUID.class::cast).toList();
    }
}
