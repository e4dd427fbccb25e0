package io.coachpay.payment;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.DefaultMethodBooks;
import io.coachpay.user.DefaultMethodsAtStripe;

/** Gives people a default payment method that can pay what comes due by itself, where they have none. */
@ApplicationScoped
public class UsableDefaultAtStripe {

    private static final Logger LOG = Logger.getLogger(UsableDefaultAtStripe.class);

    /** Once more where Stripe turns out to have one that cannot pay either. */
    private static final int ROUNDS = 2;

    private final Access access;
    private final PaymentMethodBooks books;
    private final DefaultMethodBooks customers;
    private final DefaultMethodsAtStripe defaults;

    UsableDefaultAtStripe(Access access, PaymentMethodBooks books, DefaultMethodBooks customers,
            DefaultMethodsAtStripe defaults) {
        this.access = access;
        this.books = books;
        this.customers = customers;
        this.defaults = defaults;
    }

    /**
     * Makes a method its owner's default at Stripe, where the owner has none, or one that has expired or was removed. One that
     * Stripe does not take changes nothing.
     *
     * @param customer the owner's at Stripe, {@code cus_…}
     * @param method {@code pm_…}
     * @throws StripeRefused when Stripe is away; the wish is recorded, and a job sends it
     */
    public void ensure(CustomerOwner owner, String customer, String method) {
        try {
            boolean wished = true;
            for (int round = 0; wished && round < ROUNDS; round++) {
                wished = access.asService(() -> customers.lock(owner, customer) && books.replaceUnusable(owner, method));
                defaults.push(owner);
            }
        } catch (StripeRefused.ResourceMissing | StripeRefused.InvalidRequest notTaken) {
            LOG.warnf("Method %s does not become the default of %s: %s", method, owner, notTaken.getMessage());
        }
    }
}
