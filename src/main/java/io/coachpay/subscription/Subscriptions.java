package io.coachpay.subscription;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.payment.PaymentMethods;
import io.coachpay.payment.PaymentRefused;
import io.coachpay.payment.TransactionBooks.ReturnUrls;
import io.coachpay.payment.UsableDefaultAtStripe;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeInvoicePreview;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.user.AddressNotTaxable;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.CustomersAtStripe;

/** The door to the caller's subscription: begun on Stripe's page, one at a time. */
@ApplicationScoped
class Subscriptions {

    private static final Logger LOG = Logger.getLogger(Subscriptions.class);

    /** Each round ends a page that is over, is for another plan, or is refused for a customer or a price that is gone. */
    private static final int ROUNDS = 5;

    private static final String CUSTOMER = "customer";
    private static final Set<String> PRICE = Set.of("line_items[0][price]", "items[0][price]");
    private static final String CURRENCY = "currency";
    private static final String ENDS = "expires_at";

    private final Access access;
    private final CustomersAtStripe customers;
    private final PlansAtStripe plans;
    private final SubscriptionBooks books;
    private final SubscriptionsAtStripe stripe;
    private final SubscriptionLifeAtStripe life;
    private final SubscriptionStartsAtStripe starts;
    private final PaymentMethods methods;
    private final UsableDefaultAtStripe defaults;
    private final PlanChangesAtStripe changes;
    private final PortalAtStripe portal;
    private final RetryTimes retries;
    private final Entitlements entitlements;
    private final Clock clock;

    Subscriptions(Access access, CustomersAtStripe customers, PlansAtStripe plans, SubscriptionBooks books,
            SubscriptionsAtStripe stripe, SubscriptionLifeAtStripe life, SubscriptionStartsAtStripe starts,
            PaymentMethods methods, UsableDefaultAtStripe defaults, PlanChangesAtStripe changes, PortalAtStripe portal,
            RetryTimes retries,
            Entitlements entitlements, Clock clock) {
        this.access = access;
        this.customers = customers;
        this.plans = plans;
        this.books = books;
        this.stripe = stripe;
        this.life = life;
        this.starts = starts;
        this.methods = methods;
        this.defaults = defaults;
        this.changes = changes;
        this.portal = portal;
        this.retries = retries;
        this.entitlements = entitlements;
        this.clock = clock;
    }

    /** A subscription, its plan, the plan that it waits to be changed to, and when Stripe charges again after a refusal. */
    record Shown(Subscription subscription, @Nullable Plan plan, @Nullable Plan pending, @Nullable Instant retryAt,
            boolean addressNeeded) {
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
            if (row.status() != SubscriptionStatus.REQUESTED || row.page().isDirect()) {
                throw new SubscriptionRefused.Live();
            }
            if (!planId.equals(row.price().planId())) {
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

    /**
     * Begins to subscribe to a plan with a saved method, or goes on where that was begun. A page that is open is closed first.
     *
     * @param methodId ours; null for the default one, or for none where a trial needs none
     * @throws NotFound for a plan that is not for sale to people (404)
     * @throws SubscriptionRefused.Live when the caller subscribes already (409)
     * @throws SubscriptionRefused.OtherCurrency when Stripe bills the caller in another currency (422)
     * @throws PaymentRefused when there is no such method (422), its bank refused it (402), or too many were refused (429)
     */
    Begun begin(UUID planId, @Nullable UUID methodId) {
        UUID me = access.userId();
        Plan plan = forSale(planId);
        String method = method(me, plan, methodId);
        for (int round = 0; round < ROUNDS; round++) {
            String customer = customers.ensure(me);
            String price = plans.ensure(planId);
            Subscription row = access.asService(() -> books.beginHere(me, forSale(planId), customer, price, method));
            if (row.status() == SubscriptionStatus.REQUESTED && !row.page().isDirect()) {
                stripe.close(row.id());
            } else if (!row.isBegunWith(plan)) {
                throw new SubscriptionRefused.Live();
            } else if (made(row)) {
                String secret = starts.pay(row.id());
                if (secret == null && methodId != null && method != null) {
                    keep(CustomerOwner.person(me), customer, method);
                }
                return new Begun(row.id(), secret);
            }
        }
        throw new SubscriptionRefused.PageInUse();
    }

    /** Has a method that was named pay later periods too, where no default can: the subscription has begun by then. */
    private void keep(CustomerOwner owner, String customer, String method) {
        try {
            defaults.ensure(owner, customer, method);
        } catch (StripeRefused later) {
            LOG.debugf("The default payment method of %s waits for Stripe: %s", owner, later.getMessage());
        }
    }

    /** A subscription that was begun, and the secret by which its owner answers the bank; null where nothing is left to do. */
    record Begun(UUID id, @Nullable String clientSecret) {
    }

    /** The beginning that an earlier request of the caller's asked for, as it is now. */
    Begun begunBefore(UUID id) {
        Subscription row = mine(id);
        String secret = starts.clientSecret(row);
        if (secret != null) {
            methods.requireAttempt();
        }
        return new Begun(id, secret);
    }

    /** The method that pays at the beginning; null for none where a trial needs none. */
    private @Nullable String method(UUID me, Plan plan, @Nullable UUID methodId) {
        try {
            return methods.stripeIdOf(me, methodId);
        } catch (PaymentRefused.NoSuchCard none) {
            if (methodId == null && access.asService(() -> books.trialDays(me, plan)) > 0) {
                return null;
            }
            throw none;
        }
    }

    /** Has Stripe make a subscription; false where the row has ended, so that another is needed. */
    private boolean made(Subscription row) {
        try {
            starts.create(row.id());
            return true;
        } catch (StripeRefused.ResourceMissing | StripeRefused.InvalidRequest refused) {
            access.runAsService(() -> books.change(row.id(), known -> known.over(SubscriptionStatus.REFUSED)));
            settle(row, refused);
            return false;
        } catch (AddressNotTaxable | StripeRefused.UnexpectedState | StripeRefused.NotPermitted | StripeRefused.AccountNotReady
                | StripeRefused.CardDeclined refused) {
            // Stripe made none, and its owner may choose another way at once.
            access.runAsService(() -> books.change(row.id(), known -> known.over(SubscriptionStatus.REFUSED)));
            throw refused;
        }
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
        life.endWithPeriod(live(me), ends);
        return shown(me);
    }

    /**
     * Shows what a change to another plan would cost the caller now.
     *
     * @throws NotFound for a plan that is not for sale to people (404)
     * @throws SubscriptionRefused when the subscription cannot be changed to it (409, 422)
     */
    Preview preview(UUID planId) {
        UUID row = live(access.userId());
        Plan plan = forSale(planId);
        Instant at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Preview(at, changing(plan, () -> changes.preview(row, plan, plans.ensure(planId), at)));
    }

    /** The invoice of a change as of that moment. */
    record Preview(Instant at, StripeInvoicePreview invoice) {
    }

    /**
     * Changes the caller's subscription to another plan, as a preview of that moment said; it is granted when it is paid.
     *
     * @throws NotFound for a plan that is not for sale to people (404)
     * @throws SubscriptionRefused when the subscription cannot be changed to it, or the preview is over (409, 422)
     * @throws PaymentRefused.TooManyCards after too many refused cards (429)
     */
    Begun changePlan(UUID planId, Instant at) {
        UUID row = live(access.userId());
        Plan plan = forSale(planId);
        Instant second = at.truncatedTo(ChronoUnit.SECONDS);
        if (!PlanChange.isValid(second, clock.instant())) {
            throw new SubscriptionRefused.PreviewExpired();
        }
        methods.requireAttemptWith(mine(row).term().ownMethod());
        return new Begun(row, changing(plan, () -> changes.change(row, plan, plans.ensure(planId), second)));
    }

    private static <T extends @Nullable Object> T changing(Plan plan, Supplier<T> call) {
        try {
            return call.get();
        } catch (StripeRefused.InvalidRequest refused) {
            // The price is our own, and for sale: Stripe refuses its currency.
            throw String.valueOf(refused.parameter()).endsWith("[price]")
                    ? new SubscriptionRefused.OtherCurrency(plan.amount().getCurrencyUnit())
                    : refused;
        }
    }

    /**
     * Lets the caller's subscription go on that was paused.
     *
     * @throws SubscriptionRefused.NotPaused when it is not (409)
     * @throws PaymentRefused.TooManyCards after too many refused cards (429)
     */
    Begun resume() {
        UUID row = live(access.userId());
        methods.requireAttemptWith(mine(row).term().ownMethod());
        return new Begun(row, starts.resume(row));
    }

    /**
     * Ends the caller's subscription now; nothing is given back.
     *
     * @throws SubscriptionRefused.NotLive when there is none that lives (409)
     */
    Shown endNow() {
        UUID me = access.userId();
        life.endNow(live(me));
        return shown(me);
    }

    /**
     * Opens Stripe's billing portal for the caller.
     *
     * @param flow the one act that the visit is for; null for all. An end that is planned already is shown instead
     * @throws SubscriptionRefused.NotLive when the act is about a subscription, and none lives (409)
     */
    String portal(String returnUrl, @Nullable PortalFlow flow) {
        UUID me = access.userId();
        boolean aboutIt = flow != null && flow != PortalFlow.PAYMENT_METHOD;
        Subscription row = aboutIt ? mine(live(me)) : null;
        boolean ends = row != null && flow == PortalFlow.CANCEL && row.term().endsAt() != null;
        String act = flow == null || ends ? null : flow.stripes();
        String subscription = row == null || ends ? null : row.stripeId();
        String customer = customers.ensure(me);
        try {
            return portal.open(customer, returnUrl, act, subscription);
        } catch (StripeRefused.ResourceMissing gone) {
            if (!CUSTOMER.equals(gone.parameter())) {
                throw gone;
            }
            customers.gone(me, customer);
            return portal.open(customers.ensure(me), returnUrl, act, subscription);
        }
    }

    /** The plan of the caller's subscription, while that entitles to tier and benefits. */
    @Transactional
    Optional<Plan> entitlement() {
        return entitlements.planOf(access.userId());
    }

    private UUID live(UUID me) {
        return access.asService(() -> SubscriptionQueries.liveOf(me)).filter(row -> row.status().isAtStripe())
                .map(Subscription::id).orElseThrow(SubscriptionRefused.NotLive::new);
    }

    @Transactional
    Shown shown(UUID me) {
        return shown(SubscriptionQueries.shownTo(me).orElseThrow(() -> new NotFound("subscription")));
    }

    /** One of the caller's, as it is shown. */
    @Transactional
    Shown shownAs(UUID id) {
        return shown(mine(id));
    }

    private Shown shown(Subscription row) {
        String pending = row.term().pendingPriceId();
        return new Shown(row, row.price().planId() == null ? null : Plan.byId(row.price().planId()),
                pending == null ? null : Plan.<Plan> find("price.stripeId", pending).firstResult(),
                row.status() == SubscriptionStatus.PAST_DUE ? retries.retryAt(row.id()) : null,
                retries.addressNeeded(row.id()));
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
        Plan plan = access.asService(() -> Plan.byId(Objects.requireNonNull(row.price().planId(), "It was asked for by plan")));
        if (refused instanceof StripeRefused.ResourceMissing && CUSTOMER.equals(parameter)) {
            customers.gone(row.userId(), row.customerId());
        } else if (refused instanceof StripeRefused.ResourceMissing && parameter != null && PRICE.contains(parameter)
                && plan != null) {
            plans.gone(plan.id(), row.price().id());
        } else if (parameter != null && PRICE.contains(parameter)) {
            throw new NotFound("plan");
        } else if (CURRENCY.equals(parameter) && plan != null) {
            throw new SubscriptionRefused.OtherCurrency(plan.amount().getCurrencyUnit());
        } else if (!ENDS.equals(parameter)) {
            throw refused;
        }
    }
}
