package io.coachpay.subscription;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.TransactionBooks.ReturnUrls;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.CustomersAtStripe;

/** The door to the caller's subscription: begun on Stripe's page, one at a time. */
@ApplicationScoped
class Subscriptions {

    /** Each round ends a page that is over, is for another plan, or is refused for a customer or a price that is gone. */
    private static final int ROUNDS = 5;

    private static final String CUSTOMER = "customer";
    private static final String PRICE = "line_items[0][price]";
    private static final String CURRENCY = "currency";
    private static final String ENDS = "expires_at";

    private final Access access;
    private final CustomersAtStripe customers;
    private final PlansAtStripe plans;
    private final SubscriptionBooks books;
    private final SubscriptionsAtStripe stripe;
    private final PaymentMethods methods;
    private final SubscriptionSettings settings;
    private final Clock clock;

    Subscriptions(Access access, CustomersAtStripe customers, PlansAtStripe plans, SubscriptionBooks books,
            SubscriptionsAtStripe stripe, PaymentMethods methods, SubscriptionSettings settings, Clock clock) {
        this.access = access;
        this.customers = customers;
        this.plans = plans;
        this.books = books;
        this.stripe = stripe;
        this.methods = methods;
        this.settings = settings;
        this.clock = clock;
    }

    /** A subscription, its plan, and the plan that it waits to be changed to. */
    record Shown(Subscription subscription, @Nullable Plan plan, @Nullable Plan pending) {
    }

    /**
     * Begins to subscribe to a plan on Stripe's page, or goes on where that is open. The page of another plan is closed first.
     *
     * @throws NotFound for a plan that is not for sale to people (404)
     * @throws PaymentRefused.TooManyCards after too many refused cards (429)
     * @throws SubscriptionRefused.Live when the caller subscribes already (409)
     * @throws SubscriptionRefused.OtherCurrency when Stripe bills the caller in another currency (422)
     */
    SubscriptionCheckout subscribe(UUID planId, ReturnUrls urls) {
        UUID me = access.userId();
        forSale(planId);
        methods.requireAttempt();
        for (int round = 0; round < ROUNDS; round++) {
            String customer = customers.ensure(me);
            String price = plans.ensure(planId);
            Subscription row = access.asService(() -> books.begin(me, forSale(planId), customer, price, urls));
            if (row.status() != SubscriptionStatus.REQUESTED) {
                throw new SubscriptionRefused.Live();
            }
            if (!planId.equals(row.planId())) {
                stripe.close(row.id());
                continue;
            }
            Optional<SubscriptionCheckout> open = open(row);
            if (open.isPresent()) {
                return open.get();
            }
        }
        throw new SubscriptionRefused.PageInUse();
    }

    /** The page that an earlier request of the caller's opened, as it is now. */
    SubscriptionCheckout showAgain(UUID id) {
        Subscription row = mine(id);
        if (row.status() == SubscriptionStatus.REQUESTED) {
            methods.requireAttempt();
        }
        return SubscriptionCheckout.of(row, stripe.open(row.id()).url());
    }

    /**
     * The caller's subscription: the live one, else the last. While a page may have been paid, Stripe is asked first.
     *
     * @throws NotFound when the caller never subscribed (404)
     */
    Shown mine() {
        UUID me = access.userId();
        access.asService(() -> SubscriptionQueries.liveOf(me)).filter(row -> row.status() == SubscriptionStatus.REQUESTED)
                .ifPresent(row -> stripe.refresh(row.id()));
        return shown(me);
    }

    /**
     * Lets the caller's subscription end with its period, or go on.
     *
     * @throws SubscriptionRefused.NotLive when there is none that lives (409)
     */
    Shown endWithPeriod(boolean ends) {
        UUID me = access.userId();
        stripe.endWithPeriod(live(me), ends);
        return shown(me);
    }

    /**
     * Ends the caller's subscription now; nothing is given back.
     *
     * @throws SubscriptionRefused.NotLive when there is none that lives (409)
     */
    Shown endNow() {
        UUID me = access.userId();
        stripe.endNow(live(me));
        return shown(me);
    }

    /** The plan of the caller's subscription, while that entitles to tier and benefits. */
    @Transactional
    Optional<Plan> entitlement() {
        return SubscriptionQueries.entitling(access.userId(), clock.instant().minus(settings.grace())).map(Subscription::planId)
                .map(Plan::byId);
    }

    private UUID live(UUID me) {
        return access.asService(() -> SubscriptionQueries.liveOf(me)).filter(row -> row.status().isAtStripe())
                .map(Subscription::id).orElseThrow(SubscriptionRefused.NotLive::new);
    }

    @Transactional
    Shown shown(UUID me) {
        Subscription row = SubscriptionQueries.shownTo(me).orElseThrow(() -> new NotFound("subscription"));
        String pending = row.term().pendingPriceId();
        return new Shown(row, row.planId() == null ? null : Plan.byId(row.planId()),
                pending == null ? null : Plan.<Plan> find("price.stripeId", pending).firstResult());
    }

    @Transactional
    Subscription mine(UUID id) {
        return Subscription.<Subscription> findByIdOptional(id).orElseThrow(() -> new NotFound("subscription"));
    }

    @Transactional
    Plan forSale(UUID planId) {
        return Plan.<Plan> findByIdOptional(planId)
                .filter(plan -> plan.isActive() && plan.audience() == Audience.USER)
                .orElseThrow(() -> new NotFound("plan"));
    }

    /** Opens Stripe's page; empty where the row has ended, so that another is needed. */
    private Optional<SubscriptionCheckout> open(Subscription row) {
        try {
            StripeCheckoutSession page = stripe.open(row.id());
            if (page.subscriptionId() != null) {
                throw new SubscriptionRefused.Live();
            }
            return page.status() == StripeCheckoutSession.Status.EXPIRED ? Optional.empty()
                    : Optional.of(SubscriptionCheckout.of(row, page.url()));
        } catch (StripeRefused.ResourceMissing | StripeRefused.InvalidRequest refused) {
            access.runAsService(() -> books.change(row.id(), known -> known.over(SubscriptionStatus.REFUSED)));
            settle(row, refused);
            return Optional.empty();
        }
    }

    /** Forgets what Stripe does not have any more, or throws the refusal. */
    private void settle(Subscription row, StripeRefused refused) {
        String parameter = refused instanceof StripeRefused.ResourceMissing missing ? missing.parameter()
                : refused instanceof StripeRefused.InvalidRequest invalid ? invalid.parameter() : null;
        Plan plan = access.asService(() -> Plan.byId(Objects.requireNonNull(row.planId(), "It was asked for by plan")));
        if (refused instanceof StripeRefused.ResourceMissing && CUSTOMER.equals(parameter)) {
            customers.gone(row.userId(), row.customerId());
        } else if (refused instanceof StripeRefused.ResourceMissing && PRICE.equals(parameter) && plan != null) {
            plans.gone(plan.id(), row.priceId());
        } else if (PRICE.equals(parameter)) {
            throw new NotFound("plan");
        } else if (CURRENCY.equals(parameter) && plan != null) {
            throw new SubscriptionRefused.OtherCurrency(plan.amount().getCurrencyUnit());
        } else if (!ENDS.equals(parameter)) {
            throw refused;
        }
    }
}
