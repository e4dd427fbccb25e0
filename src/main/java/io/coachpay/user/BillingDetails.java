package io.coachpay.user;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.stripe.StripeAddress;

/** The door to the places where people are taxed. */
@ApplicationScoped
class BillingDetails {

    private final Access access;
    private final Users users;
    private final BillingDetailsAtStripe atStripe;

    BillingDetails(Access access, Users users, BillingDetailsAtStripe atStripe) {
        this.access = access;
        this.users = users;
        this.atStripe = atStripe;
    }

    /** A person's details; without a customer there is no more than the name. */
    record Known(@Nullable String name, @Nullable Customer customer, List<CustomerTaxId> taxIds) {
    }

    /** The caller's, as mirrored from Stripe. */
    @Transactional
    Known mine() {
        UUID me = access.userId();
        User user = User.byId(me);
        if (user == null) {
            throw new NotFound("user");
        }
        Customer customer = Customer.<Customer> find("userId", me).firstResult();
        return new Known(user.name(), customer,
                customer == null ? List.of() : CustomerTaxId.ofCustomer(customer.id()));
    }

    /**
     * Changes the caller's address, and name where there is one. The name is the person's own everywhere.
     *
     * @throws AddressNotTaxable when Stripe cannot tell from the address where tax is due (422)
     */
    void change(@Nullable String name, StripeAddress address) {
        String stripped = name == null ? null : name.strip();
        atStripe.change(access.userId(), stripped, address);
        if (stripped != null) {
            users.change(new ProfileChange(stripped, null));
        }
    }
}
