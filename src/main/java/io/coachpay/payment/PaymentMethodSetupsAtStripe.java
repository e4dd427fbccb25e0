package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.payment.SetupTerms.Ui;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeCheckouts;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeSetupIntent;
import io.coachpay.stripe.StripeSetups;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.CustomersAtStripe;
import io.coachpay.user.DefaultMethodsAtStripe;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Makes, reads and ends the SetupIntents and pages by which payment methods are saved. No database transaction is open while
 * Stripe is called; every key and parameter follows from the row, so each verb may be called again.
 */
@ApplicationScoped
class PaymentMethodSetupsAtStripe {

    private static final Logger LOG = Logger.getLogger(PaymentMethodSetupsAtStripe.class);
    private static final String NOUN = "setup";
    /** Until Stripe is asked once more to end one. */
    static final Duration PAUSE = Duration.ofMinutes(10);
    /** Stripe's clock may be behind ours a little. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final Access access;
    private final PaymentMethodSetupBooks books;
    private final PaymentMethodsAtStripe methods;
    private final DefaultMethodsAtStripe defaults;
    private final CustomersAtStripe customers;
    private final StripeSetups stripe;
    private final StripeCheckouts pages;
    private final IdempotentCalls once;
    private final MeterRegistry metrics;
    private final Clock clock;

    PaymentMethodSetupsAtStripe(Access access, PaymentMethodSetupBooks books, PaymentMethodsAtStripe methods,
            DefaultMethodsAtStripe defaults, CustomersAtStripe customers, StripeSetups stripe, StripeCheckouts pages,
            IdempotentCalls once, MeterRegistry metrics, Clock clock) {
        this.access = access;
        this.books = books;
        this.methods = methods;
        this.defaults = defaults;
        this.customers = customers;
        this.stripe = stripe;
        this.pages = pages;
        this.once = once;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Makes the SetupIntent or the page of a setup, or reads it.
     *
     * @throws StripeRefused when Stripe refuses or is away; opening again continues from there
     */
    SetupView open(UUID id) {
        if (read(id).terms().ui() == Ui.CHECKOUT) {
            StripeCheckoutSession page = once.ensure(pageCreation(), id).orRetrieve(pages::retrieveSetup);
            return new SetupView(id, null, page.url());
        }
        StripeSetupIntent intent = once.ensure(intentCreation(), id).orRetrieve(stripe::retrieve);
        return new SetupView(id, intent.status() == StripeSetupIntent.Status.OPEN ? intent.clientSecret() : null, null);
    }

    /** Asks Stripe how far a setup has come, applies that, and tells Stripe what follows from it. */
    void refresh(UUID id) {
        PaymentMethodSetup setup = read(id);
        String page = setup.page();
        String intent = setup.setupIntent();
        Instant asked = clock.instant();
        if (page != null) {
            apply(pages.retrieveSetup(page), asked);
        } else if (intent != null) {
            apply(stripe.retrieve(intent), asked);
        }
        follow(id);
    }

    /** Ends a setup that nobody finished; if it was finished meanwhile, that is applied instead. The next try is set first. */
    void end(UUID id) {
        PaymentMethodSetup setup = change(id, due -> due.checkNext(clock.instant().plus(PAUSE)));
        if (!setup.mayHaveChanged()) {
            return;
        }
        try {
            Instant asked = clock.instant();
            if (setup.terms().ui() == Ui.CHECKOUT) {
                String page = once.ensure(pageCreation(), id).stripeId();
                apply(once.change(new Ending<StripeCheckoutSession>(id) {
                    @Override
                    StripeCheckoutSession call(String key) {
                        return pages.expire(page, key);
                    }
                }), asked);
            } else {
                String intent = once.ensure(intentCreation(), id).stripeId();
                apply(once.change(new Ending<StripeSetupIntent>(id) {
                    @Override
                    StripeSetupIntent call(String key) {
                        return stripe.cancel(intent, key);
                    }
                }), asked);
            }
        } catch (StripeRefused.UnexpectedState over) {
            refresh(id);
            giveUp(id);
        } catch (StripeRefused.ResourceMissing | StripeRefused.InvalidRequest refused) {
            LOG.warnf("Stripe has no setup %s to end: %s", id, refused.getMessage());
            change(id, PaymentMethodSetup::cancel);
        }
    }

    /** Ends one that Stripe neither concludes nor ends. What it saves later is still mirrored, as any method is. */
    private void giveUp(UUID id) {
        if (access.asService(() -> books.giveUp(id))) {
            metrics.counter("coachpay.card.setups.given.up").increment();
            LOG.errorf("Stripe has worked on setup %s for a week, and it is given up: look at it in Stripe's dashboard", id);
        }
    }

    private void apply(StripeSetupIntent intent, Instant asked) {
        access.runAsService(() -> books.apply(intent, intent.paymentMethod(), asked));
    }

    private void apply(StripeCheckoutSession page, Instant asked) {
        StripeSetupIntent intent = page.setupIntent();
        access.runAsService(() -> books.apply(page, intent, intent == null ? null : intent.paymentMethod(), asked));
    }

    /** Makes a first method the default at once, and lets Stripe's page offer it. What Stripe does not hear now, jobs send. */
    void follow(UUID id) {
        PaymentMethodSetup setup = read(id);
        String saved = setup.method();
        if (saved == null) {
            return;
        }
        try {
            defaults.push(setup.owner());
            access.asService(() -> PaymentMethod.byStripeId(saved)).forEach(method -> methods.send(method.id()));
        } catch (StripeRefused refused) {
            LOG.infof("Jobs tell Stripe the rest about payment method %s: %s", saved, refused.getMessage());
        }
    }

    private PaymentMethodSetup read(UUID id) {
        return access.asService(() -> PaymentMethodSetup.<PaymentMethodSetup> findById(id));
    }

    private PaymentMethodSetup change(UUID id, Consumer<PaymentMethodSetup> verb) {
        return access.asService(() -> books.change(id, verb));
    }

    // ---- making one

    private Creation<PaymentMethodSetup, StripeSetupIntent> intentCreation() {
        return new Creation<>(NOUN, "create", id -> row(id, PaymentMethodSetup::setupIntent),
                setup -> stripe.find(setup.id(), setup.customer(), listedFrom(setup)).stream().findFirst(),
                renewing((setup, key) -> stripe.create(setup.id(), setup.customer(), key)),
                (setup, made, asked) -> change(setup.id(), now -> now.linkSetupIntent(made.id())).setupIntent(),
                this::nextAttempt);
    }

    private Creation<PaymentMethodSetup, StripeCheckoutSession> pageCreation() {
        return new Creation<>(NOUN, "create", id -> row(id, PaymentMethodSetup::page),
                setup -> pages.find(setup.id(), setup.customer(), listedFrom(setup)).stream().findFirst(),
                renewing((setup, key) -> pages.createSetup(setup.id(), setup.customer(), setup.terms().currency(),
                        setup.terms().urls().success(), setup.terms().urls().cancel(), key)),
                (setup, made, asked) -> change(setup.id(), now -> now.linkPage(made.id())).page(), this::nextAttempt);
    }

    private StripeBacked<PaymentMethodSetup> row(UUID id, Function<PaymentMethodSetup, @Nullable String> stripeId) {
        PaymentMethodSetup setup = read(id);
        return new StripeBacked<>(setup, id, stripeId.apply(setup), setup.attempt(), setup.createdAt());
    }

    private static Instant listedFrom(PaymentMethodSetup setup) {
        return setup.createdAt().minus(CLOCKS_DIFFER);
    }

    private void nextAttempt(UUID id, int after) {
        change(id, setup -> setup.nextAttempt(after));
    }

    /** Goes on as another customer, once, where Stripe no longer has the one that was sent. */
    private <S> BiFunction<PaymentMethodSetup, String, Optional<S>> renewing(BiFunction<PaymentMethodSetup, String, S> create) {
        AtomicBoolean renewed = new AtomicBoolean();
        return (setup, key) -> {
            try {
                return Optional.of(create.apply(setup, key));
            } catch (StripeRefused.ResourceMissing missing) {
                if (!"customer".equals(missing.parameter()) || renewed.getAndSet(true)) {
                    throw missing;
                }
                renew(setup);
                return Optional.empty();
            }
        };
    }

    private void renew(PaymentMethodSetup sent) {
        CustomerOwner owner = sent.owner();
        UUID user = owner.userId();
        if (user == null) {
            throw new IllegalStateException("No door yet begins a setup for " + owner);
        }
        customers.gone(user, sent.customer());
        String next = customers.ensure(user);
        change(sent.id(), now -> {
            if (now.attempt() == sent.attempt()) {
                now.askAs(next);
            }
        });
    }

    /** Ends one at Stripe. */
    private abstract class Ending<S> implements IdempotentCalls.Change<S> {

        private final UUID id;

        Ending(UUID id) {
            this.id = id;
        }

        abstract S call(String key);

        @Override
        public int attempt() {
            return read(id).attempt();
        }

        @Override
        public S call(int attempt) {
            return call(IdempotentCalls.key(NOUN, id, "end", attempt));
        }

        @Override
        public void nextAttempt(int after) {
            PaymentMethodSetupsAtStripe.this.nextAttempt(id, after);
        }
    }
}
