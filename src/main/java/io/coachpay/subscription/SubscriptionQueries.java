package io.coachpay.subscription;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.LockModeType;

import org.jspecify.annotations.Nullable;

/** Finds subscriptions. */
final class SubscriptionQueries {

    private static final String TAKE = """
            update subscriptions set check_at = cast(:next as timestamptz)
             where id in (select id from subscriptions where check_at <= :now
                           order by check_at, id limit :most for update skip locked)
            returning id""";

    private static final String WITH_PLAN = """
            select s, p from Subscription s join Plan p on p.id = s.price.planId
             where s.userId = :user and s.surplus = false and s.status in :live""";
    private static final String INSERT = """
            insert into subscriptions (id, user_id, plan_id, product_id, stripe_customer_id, stripe_price_id, trial_days,
                success_url, cancel_url, page_expires_at, is_direct, payment_method, check_at, created_at)
            values (:id, :user, :plan, :product, :customer, :price, :trial, :success, :cancel, :ends, :direct, :method,
                :check, :now)
            on conflict (user_id) where status in ('requested', 'incomplete', 'trialing', 'active', 'past_due', 'unpaid',
                'paused') and not is_surplus do nothing""";

    private static final String HAD_TRIAL = """
            userId = ?1 and (productId = ?2 and term.trialStart is not null or array_contains(price.trialProducts, ?2))""";

    private static final String NEVER_DELETED = "A subscription is never deleted";

    private SubscriptionQueries() {
    }

    /** Stores a subscription that was just requested, unless its owner has a live one. */
    static void insertUnlessLive(Subscription row) {
        SubscriptionPage page = row.page();
        Subscription.getEntityManager().createNativeQuery(INSERT).setParameter("id", row.id())
                .setParameter("user", row.userId()).setParameter("plan", row.price().planId())
                .setParameter("product", row.productId())
                .setParameter("customer", row.customerId()).setParameter("price", row.price().id())
                .setParameter("trial", page.trialDays()).setParameter("success", page.successUrl())
                .setParameter("cancel", page.cancelUrl()).setParameter("ends", page.expiresAt())
                .setParameter("direct", page.isDirect()).setParameter("method", page.method())
                .setParameter("check", row.checkAt()).setParameter("now", row.createdAt()).executeUpdate();
    }

    /** Finds the one that lives, and locks it. */
    static Optional<Subscription> liveOf(UUID userId) {
        return Subscription.find("userId = ?1 and surplus = false and status in ?2", userId, SubscriptionStatus.LIVE)
                .withLock(LockModeType.PESSIMISTIC_WRITE).firstResultOptional();
    }

    /**
     * Whether another of the person's, which was paid or on trial, was there within that time; Stripe has the one that asks.
     */
    static boolean livedBeside(UUID userId, UUID id, Instant began, Instant ended) {
        return Subscription.count("""
                userId = ?1 and id <> ?2 and surplus = false and stripeId is not null and status not in ?3
                and createdAt < ?5 and (term.endedAt is null or term.endedAt > ?4)""", userId, id,
                EnumSet.of(SubscriptionStatus.INCOMPLETE, SubscriptionStatus.INCOMPLETE_EXPIRED), began, ended) > 0;
    }

    /** Those of these people on which a card may be tried: open pages, and first invoices that nobody has paid. */
    static List<UUID> openTo(Collection<UUID> users, int atMost) {
        return Subscription.find("""
                select id from Subscription where userId in ?1 and surplus = false
                   and (status = INCOMPLETE or status = REQUESTED and page.stripeId is not null) order by id desc""", users)
                .page(0, atMost).project(UUID.class).list();
    }

    /** Whether Stripe charges the person for one, now or later; a page that is open may have been paid. Locks nothing. */
    static boolean mayBeCharged(UUID userId) {
        return Subscription.count("userId = ?1 and (stripeId is not null or page.stripeId is not null) and status in ?2",
                userId,
                SubscriptionStatus.LIVE) > 0;
    }

    /** The one that a person is shown: the live one, else the last that Stripe had. */
    static Optional<Subscription> shownTo(UUID userId) {
        List<Subscription> known = Subscription
                .find("userId = ?1 and surplus = false and stripeId is not null order by id desc", userId)
                .page(0, 1).list();
        return Subscription.<Subscription> find("userId = ?1 and surplus = false and stripeId is not null and status in ?2",
                userId, SubscriptionStatus.LIVE).firstResultOptional().or(() -> known.stream().findFirst());
    }

    /**
     * The plan to whose tier and benefits the live subscription entitles: in its trial, active, or past due for a while.
     *
     * @param grace the time for which a refused renewal is borne
     */
    static Optional<Plan> entitlingPlan(UUID userId, Instant now, Duration grace) {
        return Subscription.getEntityManager().createQuery(WITH_PLAN, Object[].class).setParameter("user", userId)
                .setParameter("live", SubscriptionStatus.LIVE).getResultStream()
                .filter(row -> ((Subscription) row[0]).entitles(now, grace)).map(row -> (Plan) row[1]).findFirst();
    }

    /** Whether the person has had a trial of the product, or has one. */
    static boolean hadTrial(UUID userId, UUID productId) {
        return Subscription.count(HAD_TRIAL, userId, productId) > 0;
    }

    /** Whether the owner of a subscription has had a trial of the product by another one. */
    static boolean hadTrialBefore(Subscription row, UUID productId) {
        return Subscription.count(HAD_TRIAL + " and id <> ?3", row.userId(), productId, row.id()) > 0;
    }

    /** The one with that id, which is there: none is ever deleted. */
    static Subscription known(UUID id) {
        return Objects.requireNonNull(byId(id), NEVER_DELETED);
    }

    /** The same, locked. */
    static Subscription knownLocked(UUID id) {
        return Objects.requireNonNull(locked(id), NEVER_DELETED);
    }

    static @Nullable Subscription byId(UUID id) {
        return Subscription.findById(id);
    }

    static @Nullable Subscription locked(UUID id) {
        return Subscription.findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static @Nullable Subscription byStripeId(String stripeId) {
        return Subscription.find("stripeId", stripeId).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /** Takes those about which Stripe has to be asked, longest due first; each is due again after the others. */
    static List<UUID> takeDue(Instant now, Duration again, int atMost) {
        return Subscription.getEntityManager().createNativeQuery(TAKE, UUID.class).setParameter("now", now)
                .setParameter("next", now.plus(again)).setParameter("most", atMost).getResultStream().map(UUID.class::cast)
                .toList();
    }
}
