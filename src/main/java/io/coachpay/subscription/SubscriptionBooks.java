package io.coachpay.subscription;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.Undecided;
import io.coachpay.payment.TransactionBooks.ReturnUrls;
import io.coachpay.stripe.StripeCheckoutSession;
import io.coachpay.stripe.StripeSubscription;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.DefaultMethodBooks;

/**
 * Records subscriptions: their pages, and Stripe's state of them. Every verb runs inside the caller's database transaction, and
 * none calls Stripe.
 */
@ApplicationScoped
class SubscriptionBooks {

    /** Stripe closes no page earlier than half an hour after its creation. */
    private static final Duration PAGE_LIVES = Duration.ofMinutes(31);

    private final DefaultMethodBooks customers;
    private final Clock clock;
    private final Event<SubscriptionExceeds> exceeding;

    SubscriptionBooks(DefaultMethodBooks customers, Clock clock, Event<SubscriptionExceeds> exceeding) {
        this.customers = customers;
        this.clock = clock;
        this.exceeding = exceeding;
    }

    /**
     * The caller's live subscription, begun now where there is none: two calls at once begin one.
     *
     * @param priceId the plan's price at Stripe
     */
    @Transactional(TxType.MANDATORY)
    Subscription begin(UUID userId, Plan plan, String customerId, String priceId, ReturnUrls urls) {
        return begin(userId, plan, customerId, priceId, new SubscriptionPage(trialDays(userId, plan), urls.success(),
                urls.cancel(), clock.instant().plus(PAGE_LIVES)));
    }

    /**
     * The same, without a page.
     *
     * @param method that pays the first invoice, {@code pm_…}; null for a trial that needs none
     */
    @Transactional(TxType.MANDATORY)
    Subscription beginHere(UUID userId, Plan plan, String customerId, String priceId, @Nullable String method) {
        Subscription row = begin(userId, plan, customerId, priceId, SubscriptionPage.direct(trialDays(userId, plan), method));
        if (row.isBegunWith(plan)) {
            row.page().payWith(method);
        }
        return row;
    }

    /** The trial that the person is offered; 0 for none. */
    @Transactional(TxType.MANDATORY)
    int trialDays(UUID userId, Plan plan) {
        return SubscriptionQueries.hadTrial(userId, plan.productId()) ? 0 : plan.terms().trialDays();
    }

    /**
     * Whether the trial of a subscription ends with a change to that plan: it goes on under one with a trial which its owner
     * has not had before. One that is over does not end again.
     */
    @Transactional(TxType.MANDATORY)
    boolean endsTrial(UUID id, Plan plan) {
        return endsTrial(SubscriptionQueries.known(id), plan);
    }

    private static boolean endsTrial(Subscription row, Plan plan) {
        return row.status() == SubscriptionStatus.TRIALING
                && (plan.terms().trialDays() == 0 || SubscriptionQueries.hadTrialBefore(row, plan.productId()));
    }

    private Subscription begin(UUID userId, Plan plan, String customerId, String priceId, SubscriptionPage page) {
        Optional<Subscription> live = SubscriptionQueries.liveOf(userId);
        if (live.isPresent()) {
            return live.get();
        }
        SubscriptionQueries.insertUnlessLive(
                Subscription.requested(userId, plan, customerId, priceId, page, clock.instant()));
        return SubscriptionQueries.liveOf(userId)
                .orElseThrow(() -> new IllegalStateException("It was inserted, or lived before"));
    }

    /**
     * Mirrors Stripe's subscription as an event of that second has it, unless a newer state is known.
     *
     * @throws MissingParent for one of which there is no row
     * @throws Undecided where only a look at Stripe shows which state is newer
     */
    @Transactional(TxType.MANDATORY)
    void mirror(StripeSubscription stripes, Instant at) {
        Instant now = clock.instant();
        Subscription row = of(stripes, now);
        if (row.isUndecided(at)) {
            throw new Undecided(stripes.id());
        }
        mirror(row, stripes, at, now);
    }

    private void mirror(Subscription row, StripeSubscription stripes, Instant at, Instant now) {
        SubscriptionStatus becomes = SubscriptionStatus.stripes(stripes.status());
        boolean exceeds = !row.status().isAtStripe()
                && (becomes.isLive() ? !makeRoom(row, becomes, now)
                        : becomes.isFinal() && isSecond(row, stripes, becomes, now));
        row.mirror(stripes, row.price().isOther(stripes) ? Plan.soldAt(stripes.priceId()) : null, at, now);
        row.persistAndFlush();
        if (exceeds || row.isSurplus() && row.status().isFinal()) {
            exceeding.fire(new SubscriptionExceeds(row.id()));
        }
    }

    /**
     * Mirrors a subscription that was read, as of the second of the request.
     *
     * @return false when it was mirrored meanwhile: which of the two is newer is unknown, and the reading changes nothing
     * @throws MissingParent for one of which there is no row
     */
    @Transactional(TxType.MANDATORY)
    boolean mirrorRead(StripeSubscription stripes, Instant sentAt) {
        Instant now = clock.instant();
        Subscription row = of(stripes, now);
        if (row.term().isToldSince(sentAt)) {
            return false;
        }
        mirror(row, stripes, row.term().ofReading(sentAt), now);
        return true;
    }

    /** Whether our state is of that very second, so that only a look at Stripe shows which is newer. */
    @Transactional(TxType.MANDATORY)
    boolean onlyFetchTells(StripeSubscription stripes, Instant at) {
        return Subscription.<Subscription> find("stripeId", stripes.id()).firstResultOptional()
                .filter(known -> known.isUndecided(at)).isPresent();
    }

    /** Records that Stripe does not have a subscription any more, which counts as ended; nothing for one that is not known. */
    @Transactional(TxType.MANDATORY)
    void missing(String stripeId) {
        Subscription row = SubscriptionQueries.byStripeId(stripeId);
        if (row == null || row.status().isFinal()) {
            return;
        }
        row.missing(clock.instant());
        row.persistAndFlush();
        if (row.isSurplus()) {
            exceeding.fire(new SubscriptionExceeds(row.id()));
        }
    }

    /**
     * Records that a page is over without a subscription.
     *
     * @throws MissingParent for a page of which there is no row
     */
    @Transactional(TxType.MANDATORY)
    void expired(StripeCheckoutSession page) {
        UUID id = page.coachpayId();
        Subscription row = id == null ? null : SubscriptionQueries.locked(id);
        if (row == null) {
            throw new MissingParent("subscription of " + page.id());
        }
        if (row.page().stripeId() == null || page.id().equals(row.page().stripeId())) {
            row.page().link(page.id());
            row.over(SubscriptionStatus.EXPIRED);
            row.closed();
        }
    }

    /** Changes a subscription that is known. */
    @Transactional(TxType.MANDATORY)
    void change(UUID id, Consumer<Subscription> verb) {
        verb.accept(SubscriptionQueries.knownLocked(id));
    }

    /** Spends an attempt of a subscription's, and answers the next one, which is the caller's alone. */
    @Transactional(TxType.MANDATORY)
    int spendAttempt(UUID id) {
        SubscriptionPage page = SubscriptionQueries.knownLocked(id).page();
        page.nextAttempt(page.attempt());
        return page.attempt();
    }

    /**
     * Records that Stripe is asked for another price: of two at once one wins.
     *
     * @return the change, also where the same is under way already
     * @throws SubscriptionRefused.PreviewExpired where the price has changed since then (409)
     * @throws SubscriptionRefused.Changing while another change is under way (409)
     */
    @Transactional(TxType.MANDATORY)
    PlanChange want(UUID id, Plan plan, String price, Instant at) {
        Subscription row = SubscriptionQueries.knownLocked(id);
        if (row.price().isNewerThan(at)) {
            throw new SubscriptionRefused.PreviewExpired();
        }
        PlanChange wanted = row.want(price, at, endsTrial(row, plan), clock.instant());
        if (!wanted.isTo(price, at)) {
            throw new SubscriptionRefused.Changing();
        }
        return wanted;
    }

    /** Records that the answer to a change of price is known. */
    @Transactional(TxType.MANDATORY)
    void changed(UUID id, PlanChange change) {
        change(id, row -> row.changed(change, clock.instant()));
    }

    /** The row of Stripe's subscription: where its row has another one, a row of its own. */
    private Subscription of(StripeSubscription stripes, Instant now) {
        Subscription known = SubscriptionQueries.byStripeId(stripes.id());
        if (known != null) {
            return known;
        }
        UUID id = stripes.coachpayId();
        Subscription row = id == null ? null : SubscriptionQueries.locked(id);
        if (row == null) {
            return lost(stripes, id, now);
        }
        return row.stripeId() == null || row.stripeId().equals(stripes.id()) ? row : row.second(stripes, now);
    }

    /**
     * Makes the row again of a subscription that we began: it is written before Stripe is asked, so that only a restored
     * database has lost it. Its owner is its customer's.
     */
    private Subscription lost(StripeSubscription stripes, @Nullable UUID id, Instant now) {
        CustomerOwner owner = id == null || stripes.customerId() == null ? null : customers.ownerOf(stripes.customerId());
        UUID user = owner == null ? null : owner.userId();
        Plan plan = user == null ? null : Plan.soldAt(stripes.priceId());
        if (id == null || user == null || plan == null) {
            throw new MissingParent("subscription row of " + stripes.id());
        }
        return Subscription.lost(id, user, plan, stripes, now);
    }

    /** Whether another one lived while this one did, which had ended before it was seen: what was paid for it goes back. */
    private static boolean isSecond(Subscription row, StripeSubscription stripes, SubscriptionStatus ended, Instant now) {
        Instant end = stripes.endedAt() == null ? now : stripes.endedAt();
        boolean second = ended == SubscriptionStatus.CANCELED
                && SubscriptionQueries.livedBeside(row.userId(), row.id(), stripes.created(), end);
        if (second) {
            row.exceeds(now);
        }
        return second;
    }

    /**
     * A subscription that lives first stays, so that this one may not; a page that is merely open gives way, and so does one
     * that nobody has paid to one that is paid.
     */
    private boolean makeRoom(Subscription row, SubscriptionStatus becomes, Instant now) {
        Subscription live = SubscriptionQueries.liveOf(row.userId()).filter(other -> !other.id().equals(row.id())).orElse(null);
        if (live == null) {
            return true;
        }
        if (live.status() == SubscriptionStatus.REQUESTED) {
            live.giveWay(now);
            live.persistAndFlush();
            return true;
        }
        if (live.status() == SubscriptionStatus.INCOMPLETE && becomes != SubscriptionStatus.INCOMPLETE) {
            live.exceeds(now);
            live.persistAndFlush();
            exceeding.fire(new SubscriptionExceeds(live.id()));
            return true;
        }
        row.exceeds(now);
        return false;
    }
}
