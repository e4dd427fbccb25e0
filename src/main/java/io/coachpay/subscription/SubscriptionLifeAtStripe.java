package io.coachpay.subscription;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntSupplier;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.coachpay.access.Access;
import io.coachpay.payment.UsableDefaultAtStripe;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeSubscription;
import io.coachpay.stripe.StripeSubscriptions;
import io.coachpay.user.CustomerOwner;

/**
 * Changes subscriptions that Stripe has: ends them, lets them go on, and has them paid with their owner's default. No database
 * transaction is open while Stripe is called.
 *
 * @see <a href="https://docs.stripe.com/billing/subscriptions/cancel">Stripe: how subscriptions end</a>
 */
@ApplicationScoped
class SubscriptionLifeAtStripe {

    private static final Logger LOG = Logger.getLogger(SubscriptionLifeAtStripe.class);
    private static final String NOUN = "subscription";

    /** After so many, the events that overtake the answers say what it has become. */
    private static final int LOOKS_AT_MOST = 3;

    private final Access access;
    private final SubscriptionBooks books;
    private final StripeSubscriptions stripe;
    private final IdempotentCalls once;
    private final UsableDefaultAtStripe defaults;
    private final Clock clock;

    SubscriptionLifeAtStripe(Access access, SubscriptionBooks books, StripeSubscriptions stripe, IdempotentCalls once,
            UsableDefaultAtStripe defaults, Clock clock) {
        this.access = access;
        this.books = books;
        this.stripe = stripe;
        this.once = once;
        this.defaults = defaults;
        this.clock = clock;
    }

    /**
     * Lets a subscription end with its period, or go on. Whether it was to end with its period or at a moment is read at Stripe
     * first, for its portal knows the latter alone.
     *
     * @throws SubscriptionRefused.NotLive when it has ended meanwhile (409)
     * @throws SubscriptionRefused.Scheduled when its changes are planned at Stripe (409)
     */
    void endWithPeriod(UUID id, boolean ends) {
        StripeSubscription now = changeable(id);
        boolean isToEnd = now.cancelAtPeriodEnd() || now.cancelAt() != null;
        if (ends && !now.cancelAtPeriodEnd()) {
            change(new Spending<>(numbers(id)) {
                @Override
                public StripeSubscription call(int attempt) {
                    return stripe.endWithPeriod(now.id(), key(id, "end-with-period", attempt));
                }
            });
        } else if (!ends && isToEnd) {
            change(new Spending<>(numbers(id)) {
                @Override
                public StripeSubscription call(int attempt) {
                    return stripe.goOn(now.id(), now.cancelAtPeriodEnd(), key(id, "go-on", attempt));
                }
            });
        }
    }

    /**
     * A subscription as Stripe has it now, which may be changed.
     *
     * @throws SubscriptionRefused.NotLive when it has ended meanwhile (409)
     * @throws SubscriptionRefused.Scheduled when its changes are planned at Stripe (409)
     */
    StripeSubscription changeable(UUID id) {
        StripeSubscription now = refresh(stripeId(read(id)));
        if (SubscriptionStatus.stripes(now.status()).isFinal()) {
            throw new SubscriptionRefused.NotLive();
        }
        if (now.scheduleId() != null) {
            throw new SubscriptionRefused.Scheduled();
        }
        return now;
    }

    /** Ends a subscription now; one that has ended already stays as it ended. */
    void endNow(UUID id) {
        end(read(id));
    }

    /** Ends a subscription at Stripe, now. */
    void end(Subscription row) {
        String stripeId = stripeId(row);
        try {
            change(new Spending<>(numbers(row.id())) {
                @Override
                public StripeSubscription call(int attempt) {
                    return stripe.cancel(stripeId);
                }
            });
        } catch (StripeRefused.ResourceMissing ended) {
            try {
                refresh(stripeId);
            } catch (SubscriptionRefused.NotLive missing) {
                LOG.warnf("Subscription %s is not at Stripe any more", stripeId);
            }
        }
    }

    /**
     * Has a subscription paid with its owner's default: its own method, which would outrank that, becomes the default where
     * there is none that can pay, and is then taken off the subscription.
     */
    void useDefaultMethod(Subscription row) {
        String own = Objects.requireNonNull(row.term().ownMethod(), "It is due because it has one");
        defaults.ensure(CustomerOwner.person(row.userId()), row.customerId(), own);
        change(new Spending<>(numbers(row.id())) {
            @Override
            public StripeSubscription call(int attempt) {
                return stripe.clearPaymentMethod(stripeId(row), key(row.id(), "clear-method", attempt));
            }
        });
    }

    /**
     * Reads a subscription at Stripe, and mirrors it. Where an event has overtaken the answer it is read again, a few times.
     *
     * @throws SubscriptionRefused.NotLive when Stripe does not have it any more, so that it is over (409)
     */
    StripeSubscription refresh(String stripeId) {
        for (int look = 1;; look++) {
            Instant asked = clock.instant();
            StripeSubscription now = retrieve(stripeId);
            if (access.asService(() -> books.mirrorRead(now, asked)) || look == LOOKS_AT_MOST) {
                return now;
            }
        }
    }

    private StripeSubscription retrieve(String stripeId) {
        try {
            return stripe.retrieve(stripeId);
        } catch (StripeRefused.ResourceMissing gone) {
            access.runAsService(() -> books.missing(stripeId));
            throw new SubscriptionRefused.NotLive();
        }
    }

    private void change(Spending<StripeSubscription> change) {
        Instant asked = clock.instant();
        StripeSubscription told = once.change(change);
        if (!access.asService(() -> books.mirrorRead(told, asked))) {
            refresh(told.id());
        }
    }

    private Subscription read(UUID id) {
        return access.asService(() -> SubscriptionQueries.known(id));
    }

    private static String stripeId(Subscription row) {
        return Objects.requireNonNull(row.stripeId(), "Stripe has it");
    }

    private static String key(UUID id, String operation, int attempt) {
        return IdempotentCalls.key(NOUN, id, operation, attempt);
    }

    private IntSupplier numbers(UUID id) {
        return () -> access.asService(() -> books.spendAttempt(id));
    }
}
