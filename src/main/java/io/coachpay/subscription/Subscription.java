package io.coachpay.subscription;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.stripe.StripeSubscription;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A person's subscription to a plan: first a page to be paid, then a mirror of Stripe's. One lives for each owner. */
@Entity
@Table(name = "subscriptions")
@DynamicUpdate
class Subscription extends PanacheEntityBase {

    /** By then Stripe has reported most pages as expired. */
    private static final Duration GRACE = Duration.ofMinutes(5);
    /** By then a call to Stripe has been answered, or never will be. */
    private static final Duration ANSWERED_BY = Duration.ofMinutes(2);

    @Id
    private UUID id;
    @Column(name = "user_id", updatable = false)
    private UUID userId;
    @Column(name = "product_id", updatable = false)
    private UUID productId;
    @Enumerated(EnumType.STRING)
    private SubscriptionStatus status;
    @Column(name = "is_surplus")
    private boolean surplus;
    @Column(name = "stripe_customer_id", updatable = false)
    private String customerId;
    @Embedded
    private SubscriptionPrice price;
    @Column(name = "stripe_subscription_id")
    private @Nullable String stripeId;
    @Embedded
    private SubscriptionPage page;
    @Embedded
    private SubscriptionTerm term;
    @Column(name = "past_due_since")
    private @Nullable Instant pastDueSince;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Subscription() {
    }

    private Subscription(UUID userId, UUID productId, String customerId, SubscriptionPrice price, SubscriptionPage page,
            SubscriptionStatus status, Instant now) {
        this.id = Ids.next();
        this.userId = userId;
        this.productId = productId;
        this.status = status;
        this.customerId = customerId;
        this.price = price;
        this.page = page;
        this.term = SubscriptionTerm.none();
        this.createdAt = now;
    }

    /** A subscription for which, or for whose page, Stripe is about to be asked; not yet stored. */
    static Subscription requested(UUID userId, Plan plan, String customerId, String priceId, SubscriptionPage page,
            Instant now) {
        Subscription made = new Subscription(userId, plan.productId(), customerId, new SubscriptionPrice(plan.id(), priceId),
                page, SubscriptionStatus.REQUESTED, now);
        made.checkAt = (page.expiresAt() == null ? now : page.expiresAt()).plus(GRACE);
        return made;
    }

    /** A subscription of ours whose row was lost, as far as Stripe knows it; not yet stored. */
    static Subscription lost(UUID id, UUID userId, Plan plan, StripeSubscription stripes, Instant now) {
        Subscription made = requested(userId, plan, Objects.requireNonNull(stripes.customerId()),
                Objects.requireNonNull(stripes.priceId()), SubscriptionPage.direct(0, null), now);
        made.id = id;
        made.status = SubscriptionStatus.EXPIRED;
        made.stripeId = stripes.id();
        return made;
    }

    /** Another subscription that Stripe made for this row, which has one already; not yet stored. */
    Subscription second(StripeSubscription stripes, Instant now) {
        Subscription made = new Subscription(userId, productId, customerId, new SubscriptionPrice(price.planId(), price.id()),
                page.again(), SubscriptionStatus.EXPIRED, now);
        made.stripeId = stripes.id();
        return made;
    }

    /**
     * Mirrors Stripe's subscription as of that second, or answers false: a final state stays, and older news changes nothing.
     *
     * @param plan the plan of Stripe's price, where that is another than ours; null for a price that is no plan's
     */
    boolean mirror(StripeSubscription stripes, @Nullable Plan plan, Instant at, Instant now) {
        SubscriptionStatus becomes = SubscriptionStatus.stripes(stripes.status());
        if (status.isFinal() || !term.mirror(stripes, becomes.isFinal(), at, now)) {
            return false;
        }
        stripeId = stripes.id();
        status = Transitions.acceptIfReachable(status, becomes);
        price.mirror(stripes, plan, at, status);
        pastDueSince = status != SubscriptionStatus.PAST_DUE ? null : pastDueSince == null ? at : pastDueSince;
        checkAt = status.isLive() && (surplus || price.wanted() != null) ? checkAt : term.nextLook(status, now);
        return true;
    }

    /** Ends it, as Stripe does not have it any more. */
    void missing(Instant now) {
        status = Transitions.acceptIfReachable(status, SubscriptionStatus.CANCELED);
        term.missing(now);
        pastDueSince = null;
        price.changed();
        checkAt = null;
    }

    /** Whether it has been begun here with that plan, and its first invoice may be still to be paid. */
    boolean isBegunWith(Plan plan) {
        return plan.id().equals(price.planId()) && page.isDirect()
                && (status == SubscriptionStatus.REQUESTED || status == SubscriptionStatus.INCOMPLETE);
    }

    /** Whether an event of that second may be older than our state, or newer. */
    boolean isUndecided(Instant at) {
        return !status.isFinal() && term.isAsOldAs(at);
    }

    /** Whether it entitles now; not from its end on, even where no event has reported that yet. */
    boolean entitles(Instant now, Duration grace) {
        return !term.isOver(now) && entitles(now.minus(grace));
    }

    /** Whether its state entitles; not one that has been past due since before that time. */
    boolean entitles(Instant pastDueFrom) {
        return status == SubscriptionStatus.PAST_DUE ? pastDueSince == null || !pastDueSince.isBefore(pastDueFrom)
                : status == SubscriptionStatus.TRIALING || status == SubscriptionStatus.ACTIVE;
    }

    /** Records that Stripe is asked for another price, which the check looks after; the wish under way, if there is one. */
    PlanChange want(String wanted, Instant at, boolean endsTrial, Instant now) {
        if (price.wanted() == null) {
            page.nextAttempt(page.attempt());
            checkAt = now.plus(ANSWERED_BY);
        }
        return price.want(wanted, at, page.attempt(), endsTrial);
    }

    /** Records that the answer to a change of price is known, whatever it is; a later change stays under way. */
    void changed(PlanChange change, Instant now) {
        if (price.isWanted(change)) {
            price.changed();
            checkAt = term.nextLook(status, now);
        }
    }

    /** Marks it as one too many, which is to be cancelled at Stripe; the first that lived stays. */
    void exceeds(Instant now) {
        surplus = true;
        checkAt = now;
    }

    /** Records that the page is over, or that Stripe opened none. */
    void over(SubscriptionStatus how) {
        if (status == SubscriptionStatus.REQUESTED) {
            status = Transitions.require("subscription", status, how);
            checkAt = null;
        }
    }

    /** Gives way to one that was paid; the page is still to be closed. */
    void giveWay(Instant now) {
        over(SubscriptionStatus.EXPIRED);
        checkAt = now;
    }

    /** Records that its page is closed for good. */
    void closed() {
        checkAt = status == SubscriptionStatus.EXPIRED ? null : checkAt;
    }

    UUID id() {
        return id;
    }

    UUID userId() {
        return userId;
    }

    UUID productId() {
        return productId;
    }

    SubscriptionPrice price() {
        return price;
    }

    SubscriptionStatus status() {
        return status;
    }

    boolean isSurplus() {
        return surplus;
    }

    String customerId() {
        return customerId;
    }

    /** {@code sub_…}; null until Stripe is known to have it. */
    @Nullable
    String stripeId() {
        return stripeId;
    }

    SubscriptionPage page() {
        return page;
    }

    SubscriptionTerm term() {
        return term;
    }

    /** When Stripe is to be asked next; null when it has ended. */
    @Nullable
    Instant checkAt() {
        return checkAt;
    }

    Instant createdAt() {
        return createdAt;
    }
}
