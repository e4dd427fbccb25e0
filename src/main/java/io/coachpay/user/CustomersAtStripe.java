package io.coachpay.user;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.job.OneByOne;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeCustomer;
import io.coachpay.stripe.StripeCustomers;
import io.coachpay.stripe.StripeRefused;

/**
 * Creates people's Stripe customers on first need, and sends their latest names and addresses. No database transaction is open
 * while Stripe is called.
 *
 * @see <a href="https://docs.stripe.com/api/customers">Stripe: customers</a>
 */
@ApplicationScoped
public class CustomersAtStripe {

    private static final Logger LOG = Logger.getLogger(CustomersAtStripe.class);
    private static final int PUSHED_AT_MOST = 100;
    /** The first push, one without the address, and one without the name too. */
    private static final int PUSHES_AT_MOST = 3;

    private final Access access;
    private final StripeCustomers stripe;
    private final IdempotentCalls once;
    private final CustomerBooks books;
    private final Clock clock;
    private final Creation<Customer, StripeCustomer> creation;

    CustomersAtStripe(Access access, StripeCustomers stripe, IdempotentCalls once, CustomerBooks books, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.once = once;
        this.books = books;
        this.clock = clock;
        this.creation = new Creation<>("customer", "create", this::begun, this::find, this::create, this::note,
                (row, after) -> change(row, customer -> customer.details().nextAttempt(after)));
    }

    /**
     * The person's Stripe customer, {@code cus_…}, created on first need: exactly one, even by concurrent calls. Calls Stripe
     * on first need, so no database transaction may be open.
     *
     * @throws StripeRefused when Stripe refuses or is away; the next need resumes
     */
    public String ensure(UUID userId) {
        return once.ensure(creation, userId).stripeId();
    }

    /**
     * Records that Stripe does not know the person's customer any more: the next need creates another. There may have been no
     * event: the customer may belong to another Stripe account, or to a time before a backup.
     */
    public void gone(UUID userId, String stripeId) {
        access.runAsService(() -> {
            Customer customer = Customer.ofUser(userId);
            if (customer != null) {
                books.missing(customer, stripeId);
            }
        });
    }

    /** Sends the person's latest name and e-mail, if Stripe does not have them. If it is away, that only postpones it. */
    void push(UUID userId) {
        for (int round = 0; round < PUSHES_AT_MOST; round++) {
            Customer customer = access.asService(() -> Customer.ofUser(userId));
            if (customer == null || push(customer)) {
                return;
            }
        }
    }

    /** Sends the latest names and e-mails that Stripe does not have, of a bounded number of people. */
    public void pushAll() {
        OneByOne.forEachIsolated(access.asService(() -> CustomerTurns.unpushed(PUSHED_AT_MOST)), this::push);
    }

    /** Sends one customer. Returns true if there is nothing left to send now, because Stripe accepted it or is away. */
    private boolean push(Customer untold) {
        String stripeId = untold.stripeId();
        if (stripeId == null || untold.details().syncStatus() != SyncStatus.PENDING) {
            return true;
        }
        int attempt = untold.details().attempt();
        Instant sentAt = now();
        try {
            StripeCustomer stripes = stripe.update(stripeId, untold.details().email(), untold.details().name(),
                    IdempotentCalls.key("customer", untold.id(), "update", attempt));
            change(untold.id(), customer -> customer.told(attempt, stripes, sentAt, clock.instant()));
        } catch (StripeRefused refused) {
            putOff(refused, untold.id(), stripeId, attempt);
            return !(refused instanceof StripeRefused.InvalidRequest);
        }
        return true;
    }

    private void putOff(StripeRefused refused, UUID row, String stripeId, int attempt) {
        if (refused instanceof StripeRefused.ResourceMissing) {
            change(row, customer -> books.missing(customer, stripeId));
        } else if (refused instanceof StripeRefused.InvalidRequest invalid) {
            // The next push sends the rest.
            change(row, customer -> customer.details().refused(attempt, blamed(invalid)));
        } else if (refused instanceof StripeRefused.KeyReused
                || refused instanceof StripeAway away && away.storedAnswer()) {
            change(row, customer -> customer.details().nextAttempt(attempt));
        }
        LOG.warnf("Stripe does not have the latest state of customer row %s: %s", row, refused.getMessage());
    }

    /** The parameter that Stripe blames; for an address it has a code instead. */
    private static @Nullable String blamed(StripeRefused.InvalidRequest refused) {
        return "email_invalid".equals(refused.reason().code()) ? "email" : refused.parameter();
    }

    private void change(UUID row, Consumer<Customer> verb) {
        access.runAsService(() -> verb.accept(known(row)));
    }

    private static Customer known(UUID row) {
        return Objects.requireNonNull(Customer.byId(row), "The row of a customer does not go away");
    }

    /** The present second, since Stripe's times are in seconds. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    // ---- creation of a customer at Stripe

    private StripeBacked<Customer> begun(UUID userId) {
        return access.asService(() -> {
            User user = User.byId(userId);
            if (user == null || user.erased()) {
                throw new NotFound("user");
            }
            Customer row = Customer.begun(user, clock.instant());
            return new StripeBacked<>(row, row.id(), row.stripeId(), row.details().attempt(), row.soughtFrom());
        });
    }

    private Optional<StripeCustomer> find(Customer row) {
        Instant sentAt = now();
        Optional<StripeCustomer> found = stripe.find(row.id(), row.soughtFrom()).stream().findFirst();
        if (found.isEmpty()) {
            change(row.id(), customer -> customer.soughtInVain(sentAt));
        }
        return found;
    }

    /** Creates the customer, without the name or address that Stripe refused. */
    private Optional<StripeCustomer> create(Customer row, String key) {
        try {
            return Optional.of(stripe.create(row.id(), row.details().email(), row.details().name(), key));
        } catch (StripeRefused.InvalidRequest refused) {
            LOG.warnf("Customer row %s was refused: %s", row.id(), refused.getMessage());
            if (!access.asService(() -> known(row.id()).details().refused(row.details().attempt(), blamed(refused)))) {
                throw refused;
            }
            return Optional.empty();
        }
    }

    private @Nullable String note(Customer row, StripeCustomer made, Instant asked) {
        return access.asService(() -> {
            Customer customer = known(row.id());
            User user = User.byId(Objects.requireNonNull(row.userId(), "A customer is made for a person"));
            customer.made(made.id(), asked.truncatedTo(ChronoUnit.SECONDS));
            customer.tell(Objects.requireNonNull(user).email(), user.name());
            return customer.stripeId();
        });
    }
}
