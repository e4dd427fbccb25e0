package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripePaymentMethod;
import io.coachpay.stripe.StripeSetupIntent;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.DefaultMethodBooks;

/**
 * Records wishes to save a payment method, and what became of them: by one verb, whether an event, the page's visitor or a
 * check brought the news. Locks are taken in one order: the customer's row, the setup's, then the method's.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
class PaymentMethodSetupBooks {

    /** With less, another is begun: Stripe's page closes an hour before we end a setup, and a card takes a while to enter. */
    private static final Duration TIME_LEFT = Duration.ofHours(2);

    private final DefaultMethodBooks customers;
    private final PaymentMethodBooks methods;
    private final CardLimitBooks limits;
    private final PaymentSettings settings;
    private final EntityManager entities;
    private final Clock clock;

    PaymentMethodSetupBooks(DefaultMethodBooks customers, PaymentMethodBooks methods, CardLimitBooks limits,
            PaymentSettings settings, EntityManager entities, Clock clock) {
        this.customers = customers;
        this.methods = methods;
        this.limits = limits;
        this.settings = settings;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Records a wish that Stripe is about to be asked for, or resumes the open setup on the same terms: a request that is sent
     * again, and one that follows a refused card, are about one setup.
     *
     * @param over setups that Stripe turned out to have concluded
     * @throws PaymentRefused.TooManyCards after too many of them, or of refused cards (429)
     * @throws PaymentRefused.TooManyMethods when the owner has as many methods as Stripe keeps (409)
     */
    PaymentMethodSetup begin(CustomerOwner owner, String customer, SetupTerms terms, Set<UUID> over) {
        customers.lock(owner);
        UUID user = owner.userId();
        Optional<PaymentMethodSetup> open = user == null ? Optional.empty()
                : open(user).filter(setup -> setup.customer().equals(customer) && !over.contains(setup.id()))
                        .filter(setup -> terms.isMetBy(setup.terms())).findFirst();
        if (user != null) {
            requireRoom(user);
        }
        if (user != null && open.isPresent()) {
            limits.requireAttempt(user, null, terms.clientAddress());
            return open.get();
        }
        if (user != null) {
            limits.requireSetup(user, terms.clientAddress());
        }
        PaymentMethodSetup setup = PaymentMethodSetup.begun(owner, customer, terms, clock.instant());
        setup.persist();
        return setup;
    }

    private void requireRoom(UUID user) {
        if (PaymentMethod.count("userId = ?1 and detachedAt is null", user) >= settings.methodsKept()) {
            throw new PaymentRefused.TooManyMethods(settings.methodsKept());
        }
    }

    /** A user's open setups with time left, newest first. */
    private Stream<PaymentMethodSetup> open(UUID user) {
        return PaymentMethodSetup.<PaymentMethodSetup> list("userId = ?1 and checkAt > ?2 order by id desc", user,
                clock.instant().plus(TIME_LEFT)).stream();
    }

    /** Changes a setup, in the order of locks. */
    PaymentMethodSetup change(UUID id, Consumer<PaymentMethodSetup> verb) {
        PaymentMethodSetup setup = Objects.requireNonNull(locked(id), "The row of a setup does not go away");
        verb.accept(setup);
        return setup;
    }

    /** Gives up a setup on which Stripe has worked for too long; answers whether it was. */
    boolean giveUp(UUID id) {
        PaymentMethodSetup setup = locked(id);
        return setup != null && setup.giveUp(clock.instant());
    }

    /**
     * Applies a SetupIntent of Stripe's, however old: what is saved stays saved, and states only advance.
     *
     * @param method the saved one as it is at Stripe; null where none is, or Stripe has none any more
     * @param asOf the event's time, or when Stripe was asked
     * @throws MissingParent when the setup is not ours
     */
    PaymentMethodSetup apply(StripeSetupIntent intent, @Nullable StripePaymentMethod method, Instant asOf) {
        PaymentMethodSetup setup = ours(intent.coachpayId(), intent.id());
        setup.linkSetupIntent(intent.id());
        StripeSetupIntent.LastError error = intent.lastError();
        switch (intent.status()) {
            case SUCCEEDED -> succeed(setup, intent, method, asOf);
            case CANCELED -> setup.cancel();
            case OPEN -> {
                if (error == null) {
                    setup.reopen(asOf);
                } else {
                    fail(setup, intent.id(), error, asOf);
                }
            }
            case UNKNOWN -> {
                // A later version's state between the others: the next one tells.
            }
        }
        return setup;
    }

    /** Applies a page on which a method was to be saved. A finished one says so by its SetupIntent. */
    PaymentMethodSetup apply(StripeCheckoutSession page, @Nullable StripeSetupIntent intent,
            @Nullable StripePaymentMethod method, Instant asOf) {
        PaymentMethodSetup setup = ours(page.coachpayId(), page.id());
        setup.linkPage(page.id());
        if (intent != null) {
            apply(intent, method, asOf);
        }
        if (page.status() == StripeCheckoutSession.Status.EXPIRED) {
            setup.cancel();
        }
        return setup;
    }

    /** Counts a card that the bank refused to have saved, and keeps as much of the reason as its owner is told. */
    private void fail(PaymentMethodSetup setup, String intent, StripeSetupIntent.LastError error, Instant asOf) {
        UUID user = setup.owner().userId();
        DeclineReason because = new DeclineReason(error.code(), null, error.message());
        DeclineReason told = user == null ? because
                : limits.declined(user, CardLimitBooks.attempt(intent, error.paymentMethodId()), error.fingerprint(),
                        setup.terms().clientAddress(), because).told();
        setup.fail(told.code(), told.message(), asOf);
    }

    private void succeed(PaymentMethodSetup setup, StripeSetupIntent intent, @Nullable StripePaymentMethod method,
            Instant asOf) {
        String saved = Objects.requireNonNull(intent.paymentMethodId(), "A setup that succeeded names its method");
        boolean first = setup.mayHaveChanged();
        setup.succeed(saved);
        if (method != null && method.customerId() != null) {
            methods.mirror(method.customerId(), method, asOf)
                    .filter(known -> first && known.owner().equals(setup.owner()))
                    .ifPresent(known -> known.agreeToOffer(method, clock.instant()));
        }
    }

    private PaymentMethodSetup ours(@Nullable UUID id, String stripeId) {
        PaymentMethodSetup setup = id == null ? null : locked(id);
        if (setup == null) {
            throw new MissingParent("setup of " + stripeId);
        }
        return setup;
    }

    private @Nullable PaymentMethodSetup locked(UUID id) {
        PaymentMethodSetup setup = PaymentMethodSetup.findById(id);
        if (setup == null) {
            return null;
        }
        customers.lock(setup.owner());
        entities.refresh(setup, LockModeType.PESSIMISTIC_WRITE);
        return setup;
    }
}
