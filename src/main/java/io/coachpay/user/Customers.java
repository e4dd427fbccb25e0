package io.coachpay.user;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Reference;
import io.coachpay.inbox.MissingParent;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeCustomer;
import io.coachpay.stripe.StripeCustomers;
import io.coachpay.stripe.StripeRefused;

/**
 * The door to people's Stripe customers.
 *
 * @see <a href="https://docs.stripe.com/api/customers">Stripe: customers</a>
 */
@ApplicationScoped
public class Customers {

    private static final Logger LOG = Logger.getLogger(Customers.class);
    private static final int PUSHED_AT_MOST = 100;
    /** Without the address, and without the name too. */
    private static final int PUSHES_AT_MOST = 3;

    private final Access access;
    private final StripeCustomers stripe;
    private final IdempotentCalls once;
    private final Clock clock;

    Customers(Access access, StripeCustomers stripe, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.once = once;
        this.clock = clock;
    }

    /**
     * The person's Stripe customer, {@code cus_…}, made on first need. However many need it at once, Stripe makes one. Calls
     * Stripe on first need, so no transaction may be open.
     *
     * @throws StripeRefused when Stripe refuses or is away; the next need goes on from there
     */
    public String ensure(UUID userId) {
        return once.ensure(new Making(userId));
    }

    /**
     * Stripe knows nothing of that customer of the person's any more: the next need makes another. Nobody need have told us:
     * the customer may be one of another account of Stripe's, or of a time before a backup.
     */
    public void gone(UUID userId, String stripeId) {
        access.runAsService(() -> {
            Customer customer = Customer.ofUser(userId);
            if (customer != null && stripeId.equals(customer.stripeId())) {
                customer.missing();
            }
        });
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

    /** The person changed name or e-mail, in the running transaction; whether Stripe has to hear of it. */
    @Transactional(TxType.MANDATORY)
    boolean ownerChanged(User user) {
        Customer customer = Customer.ofUser(user.id());
        return customer != null && customer.tell(user.email(), user.name());
    }

    /** Tells Stripe of the person's latest name and e-mail, if it has not heard. Stripe being away puts it off, no more. */
    void push(UUID userId) {
        for (int round = 0; round < PUSHES_AT_MOST; round++) {
            Customer customer = access.asService(() -> Customer.ofUser(userId));
            if (customer == null || push(customer)) {
                return;
            }
        }
    }

    /** Tells Stripe of everybody it has not heard the latest of, a bounded number of them. */
    public void pushAll() {
        OneByOne.forEachIsolated(access.asService(() -> Customer.takeUnpushed(PUSHED_AT_MOST)), this::push);
    }

    /** Whether there is nothing to be told at once, because Stripe took it, or is away. */
    private boolean push(Customer untold) {
        String stripeId = untold.stripeId();
        if (stripeId == null || untold.syncStatus() != SyncStatus.PENDING) {
            return true;
        }
        int attempt = untold.attempt();
        Instant sentAt = now();
        try {
            StripeCustomer stripes = stripe.update(stripeId, untold.email(), untold.name(),
                    key(untold.id(), "update", attempt));
            change(untold.id(), customer -> customer.told(attempt, stripes, sentAt, clock.instant()));
        } catch (StripeRefused refused) {
            putOff(refused, untold.id(), attempt);
            return !(refused instanceof StripeRefused.InvalidRequest);
        }
        return true;
    }

    /** Stripe made a customer for one of our rows; the event may overtake the call's own answer. */
    @Transactional(TxType.MANDATORY)
    public void made(StripeCustomer stripes, Instant at) {
        UUID row = stripes.coachpayId();
        Customer customer = row == null ? null : Customer.byId(row);
        if (customer == null) {
            throw new MissingParent("customer row of " + stripes.id());
        }
        customer.made(stripes.id(), at);
    }

    /** Takes over what Stripe says of a customer at that second, unless something newer is known. */
    @Transactional(TxType.MANDATORY)
    public void mirror(StripeCustomer stripes, Instant at) {
        if (isPredecessor(stripes)) {
            return;
        }
        Customer customer = of(stripes);
        if (stripes.deleted()) {
            customer.missing();
            return;
        }
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        if (!customer.mirror(stripes.email(), stripes.name(), stripes.defaultPaymentMethodId(), second, clock.instant())) {
            return;
        }
        UUID owner = customer.userId();
        User user = owner == null ? null : User.byId(owner);
        if (user != null && !user.erased()) {
            user.hear(customer.refusedEmail() == null ? stripes.email() : null,
                    customer.refusedName() == null ? stripes.name() : null);
        }
    }

    /**
     * Takes over a customer that was read, as of the second in which it was asked for.
     *
     * @param sentAt when it was asked for
     * @return false when something was mirrored or told to Stripe meanwhile: nobody knows which came last, and the reading
     *         changes
     *         nothing
     */
    @Transactional(TxType.MANDATORY)
    public boolean mirrorRead(StripeCustomer stripes, Instant sentAt) {
        Customer customer = Customer.byStripeId(stripes.id());
        if (customer != null && customer.isToldSince(sentAt)) {
            return false;
        }
        mirror(stripes, sentAt);
        return true;
    }

    /** Stripe deleted the customer; the next need makes another. */
    @Transactional(TxType.MANDATORY)
    public void deleted(StripeCustomer stripes) {
        if (!isPredecessor(stripes)) {
            of(stripes).missing();
        }
    }

    /** One that was found to be gone, and has been replaced since or is about to be, is spoken of late. */
    private static boolean isPredecessor(StripeCustomer stripes) {
        UUID row = stripes.coachpayId();
        Customer customer = row == null ? null : Customer.byId(row);
        return customer != null && !stripes.id().equals(customer.stripeId())
                && (customer.stripeId() != null || customer.attempt() > 1);
    }

    /** Whether what we know is of that very second, so that only a fetch can tell which came last. */
    @Transactional(TxType.MANDATORY)
    public boolean onlyFetchTells(StripeCustomer stripes, Instant at) {
        Customer customer = Customer.byStripeId(stripes.id());
        return customer != null && customer.isAsOldAs(at);
    }

    private static Customer of(StripeCustomer stripes) {
        Customer known = Customer.byStripeId(stripes.id());
        if (known == null) {
            throw new MissingParent("customer " + stripes.id());
        }
        return known;
    }

    private void putOff(StripeRefused refused, UUID row, int attempt) {
        if (refused instanceof StripeRefused.ResourceMissing) {
            change(row, Customer::missing);
        } else if (refused instanceof StripeRefused.InvalidRequest invalid) {
            // What is left of it is told by the next push.
            change(row, customer -> customer.refused(attempt, blamed(invalid)));
        } else if (refused instanceof StripeRefused.KeyReused
                || refused instanceof StripeAway away && away.storedAnswer()) {
            change(row, customer -> customer.nextAttempt(attempt));
        }
        LOG.warnf("Stripe has not heard the latest of customer row %s: %s", row, refused.getMessage());
    }

    /** What Stripe blames; for an address it has a code of its own. */
    private static @Nullable String blamed(StripeRefused.InvalidRequest refused) {
        return "email_invalid".equals(refused.reason().code()) ? "email" : refused.parameter();
    }

    private void change(UUID row, Consumer<Customer> verb) {
        access.runAsService(() -> {
            Customer customer = Customer.byId(row);
            if (customer == null) {
                throw new IllegalStateException("The row of a customer does not go away");
            }
            verb.accept(customer);
        });
    }

    /** Stripe tells time in seconds, so we compare in seconds. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String key(UUID row, String operation, int attempt) {
        return "customer:" + row + ":" + operation + ":" + attempt;
    }

    /** Making one person's customer. */
    private final class Making implements IdempotentCalls.Creation {

        private final UUID userId;
        private Customer row;

        @SuppressWarnings("NullAway.Init") // progress() is always asked first
        Making(UUID userId) {
            this.userId = userId;
        }

        @Override
        public IdempotentCalls.Progress progress() {
            row = access.asService(() -> {
                User user = User.byId(userId);
                if (user == null || user.erased()) {
                    throw new NotFound("user");
                }
                return Customer.begun(user, clock.instant());
            });
            return new IdempotentCalls.Progress(row.stripeId(), row.attempt(), row.soughtFrom());
        }

        @Override
        public boolean find() {
            Instant sentAt = now();
            List<StripeCustomer> found = stripe.find(row.id(), row.soughtFrom());
            found.stream().findFirst().ifPresentOrElse(customer -> noted(customer, sentAt),
                    () -> change(row.id(), customer -> customer.soughtInVain(sentAt)));
            return !found.isEmpty();
        }

        @Override
        public void create(int attempt) {
            Instant sentAt = now();
            try {
                noted(stripe.create(row.id(), row.email(), row.name(), key(row.id(), "create", attempt)), sentAt);
            } catch (StripeRefused.InvalidRequest refused) {
                if (!refused(attempt, refused)) {
                    throw refused;
                }
            }
        }

        /** Whether the customer can be made without what Stripe refused: then the next round makes it. */
        private boolean refused(int attempt, StripeRefused.InvalidRequest refused) {
            LOG.warnf("Customer row %s was refused: %s", row.id(), refused.getMessage());
            return access.asService(() -> {
                Customer customer = Customer.byId(row.id());
                return customer != null && customer.refused(attempt, blamed(refused));
            });
        }

        @Override
        public void nextAttempt(int after) {
            change(row.id(), customer -> customer.nextAttempt(after));
        }

        private void noted(StripeCustomer made, Instant sentAt) {
            access.runAsService(() -> {
                Customer customer = Customer.byId(row.id());
                User user = User.byId(userId);
                if (customer == null || user == null) {
                    throw new IllegalStateException("The row of a customer does not go away");
                }
                customer.made(made.id(), sentAt);
                customer.tell(user.email(), user.name());
            });
        }
    }
}
