package io.coachpay.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripePaymentMethod;
import io.coachpay.stripe.StripePaymentMethods;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.DefaultMethodsAtStripe;

/**
 * Tells Stripe what owners want of their saved payment methods, and reads these there. No database transaction is open while
 * Stripe is called.
 */
@ApplicationScoped
class PaymentMethodsAtStripe {

    private static final Logger LOG = Logger.getLogger(PaymentMethodsAtStripe.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Access access;
    private final StripePaymentMethods stripe;
    private final PaymentMethodBooks books;
    private final DefaultMethodsAtStripe defaults;
    private final IdempotentCalls once;
    private final Clock clock;

    PaymentMethodsAtStripe(Access access, StripePaymentMethods stripe, PaymentMethodBooks books,
            DefaultMethodsAtStripe defaults, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.stripe = stripe;
        this.books = books;
        this.defaults = defaults;
        this.once = once;
        this.clock = clock;
    }

    /**
     * Asks Stripe whether this customer still has this card, and removes it here if not.
     *
     * @return whether it is gone
     */
    boolean isGone(String card, String customer) {
        return isGone(card, method -> customer.equals(method.customerId()));
    }

    /** The same for any customer. */
    boolean isDetached(String card) {
        return isGone(card, method -> method.customerId() != null);
    }

    private boolean isGone(String card, Predicate<StripePaymentMethod> still) {
        Instant asked = clock.instant();
        try {
            if (still.test(stripe.retrieve(card))) {
                return false;
            }
        } catch (StripeRefused.ResourceMissing gone) {
            LOG.infof("Stripe no longer has payment method %s", card);
        }
        access.runAsService(() -> books.removed(card, asked));
        return true;
    }

    /**
     * Tells Stripe what it has yet to hear of a method: its removal, or that Stripe's page may offer it. The next try is set
     * first.
     *
     * @throws PaymentRefused.PaymentMethodNeeded for a removal that was withdrawn, since something needs the method now (409)
     * @throws StripeRefused when Stripe is away; the next try goes on
     */
    void send(UUID id) {
        PaymentMethod method = change(id, due -> due.checkNext(clock.instant().plus(PAUSE)));
        if (method.isDetached()) {
            return;
        }
        if (method.isRemoved()) {
            remove(method);
        } else if (method.isOfferDue()) {
            offer(method);
        }
    }

    /** Removes a method at Stripe, which hears of another default first, unless something has come to need it. */
    private void remove(PaymentMethod method) {
        requireRemovable(method);
        sendDefault(method.owner());
        Instant asked = clock.instant();
        try {
            once.change(new Telling(method.id(), "detach") {
                @Override
                StripePaymentMethod call(PaymentMethod now, String key) {
                    requireRemovable(now);
                    return stripe.detach(now.stripeId(), key);
                }
            });
            access.runAsService(() -> books.removed(method.stripeId(), asked));
        } catch (StripeRefused.InvalidRequest | StripeRefused.ResourceMissing notAttached) {
            if (!isDetached(method.stripeId())) {
                throw notAttached;
            }
        }
    }

    private void requireRemovable(PaymentMethod method) {
        if (access.asService(() -> books.mayGo(method.id()))) {
            return;
        }
        try {
            defaults.push(method.owner());
        } catch (StripeRefused refused) {
            LOG.warnf("Stripe has yet to hear of the default payment method of %s: %s", method.owner(), refused.getMessage());
        }
        throw new PaymentRefused.PaymentMethodNeeded();
    }

    private void sendDefault(CustomerOwner owner) {
        try {
            defaults.push(owner);
        } catch (StripeRefused.InvalidRequest | StripeRefused.ResourceMissing gone) {
            // Once this one is removed there is no default, and the newest other one asks for it.
            LOG.warnf("Stripe does not take the next default payment method of %s: %s", owner, gone.getMessage());
        }
    }

    private void offer(PaymentMethod method) {
        try {
            once.change(new Telling(method.id(), "offer") {
                @Override
                StripePaymentMethod call(PaymentMethod now, String key) {
                    return stripe.offer(now.stripeId(), key);
                }
            });
        } catch (StripeRefused.InvalidRequest | StripeRefused.ResourceMissing refused) {
            LOG.warnf("Stripe's page does not offer payment method %s: %s", method.stripeId(), refused.getMessage());
        }
        change(method.id(), PaymentMethod::endOffer);
    }

    private PaymentMethod read(UUID id) {
        return access.asService(
                () -> Objects.requireNonNull(PaymentMethod.findById(id), "The row of a payment method stays as a mark"));
    }

    private PaymentMethod change(UUID id, Consumer<PaymentMethod> verb) {
        return access.asService(() -> {
            PaymentMethod method = books.locked(id);
            verb.accept(method);
            return method;
        });
    }

    /** Changes a method at Stripe. */
    private abstract class Telling implements IdempotentCalls.Change<StripePaymentMethod> {

        private final UUID id;
        private final String verb;

        /** @param verb part of the key, so that no change is made under another's */
        Telling(UUID id, String verb) {
            this.id = id;
            this.verb = verb;
        }

        abstract StripePaymentMethod call(PaymentMethod now, String key);

        @Override
        public int attempt() {
            return read(id).attempt();
        }

        @Override
        public StripePaymentMethod call(int attempt) {
            return call(read(id), IdempotentCalls.key("payment_method", id, verb, attempt));
        }

        @Override
        public void nextAttempt(int after) {
            change(id, method -> method.nextAttempt(after));
        }
    }
}
