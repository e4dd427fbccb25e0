package io.coachpay.user;

import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAddress;
import io.coachpay.stripe.StripeCustomer;
import io.coachpay.stripe.StripeCustomers;
import io.coachpay.stripe.StripeRefused;

/**
 * Tells Stripe where people are taxed, and mirrors what Stripe then has. No database transaction is open while Stripe is
 * called. The same form may be sent twice, so nothing is recorded before a call, and each request has a key of its own.
 */
@ApplicationScoped
class BillingDetailsAtStripe {

    /** Another customer is made for a person whose customer is gone; one that goes at once is not ours to follow. */
    private static final int CUSTOMERS_AT_MOST = 2;
    private static final int LOOKS_AT_MOST = 3;

    private final Access access;
    private final CustomersAtStripe customers;
    private final StripeCustomers stripe;
    private final CustomerBooks books;
    private final Clock clock;

    BillingDetailsAtStripe(Access access, CustomersAtStripe customers, StripeCustomers stripe, CustomerBooks books,
            Clock clock) {
        this.access = access;
        this.customers = customers;
        this.stripe = stripe;
        this.books = books;
        this.clock = clock;
    }

    /**
     * Changes address and name of the person's customer, which is made where there is none.
     *
     * @param name null leaves it unchanged
     * @throws AddressNotTaxable when Stripe cannot tell from the address where tax is due (422)
     * @throws StripeRefused when Stripe refuses otherwise or is away
     */
    void change(UUID userId, @Nullable String name, StripeAddress address) {
        for (int round = 1;; round++) {
            String customer = customers.ensure(userId);
            String key = IdempotentCalls.key("customer", Ids.next(), "bill", 1);
            try {
                stripe.bill(customer, name, address, key);
                mirror(customer);
                return;
            } catch (StripeRefused.ResourceMissing gone) {
                customers.gone(userId, customer);
                if (round == CUSTOMERS_AT_MOST) {
                    throw gone;
                }
            } catch (StripeRefused.InvalidRequest refused) {
                String blamed = refused.parameter();
                if (refused.isPlaceUnknown() || blamed != null && blamed.startsWith("address")) {
                    throw new AddressNotTaxable();
                }
                throw refused;
            }
        }
    }

    /** Reads the customer until no event has overtaken the answer; after some tries the events tell. */
    private void mirror(String customer) {
        boolean heard = false;
        for (int look = 0; look < LOOKS_AT_MOST && !heard; look++) {
            Instant asked = clock.instant();
            StripeCustomer read = stripe.retrieve(customer);
            heard = access.asService(() -> books.mirrorRead(read, asked));
        }
    }
}
