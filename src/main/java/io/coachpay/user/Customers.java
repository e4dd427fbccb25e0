package io.coachpay.user;

import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Reference;

/** The door to people's Stripe customers for administrators. {@link CustomersAtStripe} creates them. */
@ApplicationScoped
class Customers {

    private final Access access;

    Customers(Access access) {
        this.access = access;
    }

    /**
     * A person as a customer, for administrators.
     *
     * @throws NotFound when there is no such person (404)
     */
    AdminCustomerResource.CustomerView seen(Reference reference) {
        return access.asAdmin(() -> {
            Customer customer = Customer.seen(reference);
            UUID userId = customer == null ? reference.id() : customer.userId();
            User user = userId == null ? null : User.byId(userId);
            if (user == null) {
                throw new NotFound("customer");
            }
            return AdminCustomerResource.CustomerView.of(user, customer);
        });
    }
}
