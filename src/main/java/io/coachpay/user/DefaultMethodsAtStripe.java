package io.coachpay.user;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeCustomer;
import io.coachpay.stripe.StripeCustomers;
import io.coachpay.stripe.StripeRefused;

/**
 * Sends wishes for a default payment method to Stripe, whose
 * <a href="https://docs.stripe.com/api/customers/object#customer_object-invoice_settings-default_payment_method">customer</a>
 * is the truth. No database transaction is open while Stripe is called.
 */
@ApplicationScoped
public class DefaultMethodsAtStripe {

    private static final Logger LOG = Logger.getLogger(DefaultMethodsAtStripe.class);
    private static final int PUSHED_AT_MOST = 100;
    /** A customer whose owner has more wishes than this meanwhile is left to the job. */
    private static final int ROUNDS = 5;
    /** The parameter that Stripe names where it has no such customer, whatever it calls that of the method. */
    private static final String CUSTOMER = "id";

    private final Access access;
    private final StripeCustomers stripe;
    private final IdempotentCalls once;
    private final CustomerBooks books;
    private final Clock clock;

    DefaultMethodsAtStripe(Access access, StripeCustomers stripe, IdempotentCalls once, CustomerBooks books, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.once = once;
        this.books = books;
        this.clock = clock;
    }

    /**
     * Sends the owner's wish, if Stripe has yet to hear of one, and mirrors what Stripe then says.
     *
     * @throws StripeRefused when Stripe is away, so that the job tries again, or does not take the method, so that the wish is
     *         dropped
     */
    public void push(CustomerOwner owner) {
        UUID row = access.asService(() -> {
            Customer customer = Customer.of(owner);
            return customer == null ? null : customer.id();
        });
        if (row != null) {
            push(row);
        }
    }

    /** Sends a bounded number of wishes that Stripe has yet to hear of. */
    void pushAll() {
        OneByOne.forEachIsolated(access.asService(() -> CustomerTurns.withWishes(PUSHED_AT_MOST)), row -> {
            try {
                push(row);
            } catch (StripeRefused refused) {
                LOG.warnf("Stripe does not have the default payment method of customer row %s: %s", row, refused.getMessage());
            }
        });
    }

    private void push(UUID row) {
        for (int round = 0; round < ROUNDS; round++) {
            Customer customer = read(row);
            String stripeId = customer.stripeId();
            if (customer.defaultMethod().wanted() == null || stripeId == null || customer.isMissing()) {
                return;
            }
            if (!customer.defaultMethod().isIfNone() || !hasOne(row, stripeId)) {
                choose(row, stripeId);
            }
        }
    }

    /** Whether Stripe has a default already, so that the wish is not needed. */
    private boolean hasOne(UUID row, String stripeId) {
        Instant asked = clock.instant();
        StripeCustomer told = stripe.retrieve(stripeId);
        if (told.defaultPaymentMethodId() == null && !told.deleted()) {
            return false;
        }
        mirror(row, told, asked, customer -> customer.defaultMethod().giveWay());
        return true;
    }

    /**
     * Sends the wish. Its answer may be one that Stripe stored for an earlier call of the same key, so the customer is read
     * afterwards.
     */
    private void choose(UUID row, String stripeId) {
        Choosing choosing = new Choosing(row, stripeId);
        try {
            once.change(choosing);
            Instant asked = clock.instant();
            mirror(row, stripe.retrieve(stripeId), asked, customer -> customer.defaultMethod().taken(choosing.method));
        } catch (IdempotentCalls.NotWanted concluded) {
            LOG.debugf("Another worker has sent the default payment method of customer row %s", row);
        } catch (StripeRefused.ResourceMissing gone) {
            if (CUSTOMER.equals(gone.parameter())) {
                change(row, customer -> books.missing(customer, stripeId));
            } else {
                change(row, customer -> customer.defaultMethod().drop(choosing.method));
            }
            throw gone;
        } catch (StripeRefused.InvalidRequest refused) {
            change(row, customer -> customer.defaultMethod().drop(choosing.method));
            throw refused;
        }
    }

    /** Mirrors a customer as it was read, with what follows; the next round looks again where an event was faster. */
    private void mirror(UUID row, StripeCustomer told, Instant asked, Consumer<Customer> then) {
        access.runAsService(() -> {
            Customer customer = known(row);
            if (books.mirrorRead(told, asked)) {
                then.accept(customer);
            }
        });
    }

    private Customer read(UUID row) {
        return access.asService(() -> known(row));
    }

    private void change(UUID row, Consumer<Customer> verb) {
        access.runAsService(() -> verb.accept(known(row)));
    }

    private static Customer known(UUID row) {
        return Objects.requireNonNull(Customer.byId(row), "The row of a customer does not go away");
    }

    /** Tells Stripe the method that is wanted when the call begins. */
    private final class Choosing implements IdempotentCalls.Change<StripeCustomer> {

        private final UUID row;
        private final String stripeId;
        private String method = "";

        Choosing(UUID row, String stripeId) {
            this.row = row;
            this.stripeId = stripeId;
        }

        @Override
        public int attempt() {
            DefaultMethod now = read(row).defaultMethod();
            String wanted = now.wanted();
            if (wanted == null) {
                throw new IdempotentCalls.NotWanted(row);
            }
            method = wanted;
            return now.attempt();
        }

        @Override
        public StripeCustomer call(int attempt) {
            return stripe.chooseDefaultPaymentMethod(stripeId, method,
                    IdempotentCalls.key("customer", row, "default", attempt));
        }

        @Override
        public void nextAttempt(int after) {
            change(row, customer -> customer.defaultMethod().nextAttempt(after));
        }

        /** A later wish has another number: what is wanted by now is sent. */
        @Override
        public int following(int spent) {
            return attempt();
        }
    }
}
