package io.coachpay.subscription;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.http.Paging;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;

/**
 * A price that is paid at each interval, and what its subscribers get. The price never changes: another amount is another plan,
 * which replaces this one, and those who subscribe to this one stay.
 */
@Entity
@Table(name = "subscription_plans")
@DynamicUpdate
class Plan extends PanacheEntityBase {

    /** More than a person would choose from. */
    private static final int SHOWN_AT_MOST = 100;

    private static final String TAKE = """
            update subscription_plans set push_tried_at = clock_timestamp()
             where id in (select id from subscription_plans where price_status = 'pending'
                           order by push_tried_at nulls first, id limit :most for update skip locked)
            returning id""";

    @Id
    private UUID id;
    @Column(name = "product_id", updatable = false)
    private UUID productId;
    @Column(name = "replaces", updatable = false)
    private @Nullable UUID replaces;
    private String name;
    private @Nullable String description;
    @Enumerated(EnumType.STRING)
    @Column(name = "audience", updatable = false)
    private Audience audience;
    @Embedded
    private Amount amount;
    @Enumerated(EnumType.STRING)
    @Column(name = "billing_interval", updatable = false)
    private BillingInterval interval;
    @Column(name = "trial_days")
    private int trialDays;
    private String tier;
    @Embedded
    private Benefits benefits;
    @Column(name = "is_active")
    private boolean active;
    @Column(name = "sort_order")
    private int sortOrder;
    @Embedded
    private PlanPrice price;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;
    /** Kept by the database, for what administrators change, and the sale. */
    @Column(name = "updated_at", insertable = false, updatable = false)
    private Instant updatedAt;

    @SuppressWarnings("NullAway.Init")
    protected Plan() {
    }

    /**
     * A plan on these terms, not yet stored.
     *
     * @param replaced the plan that it is sold instead of, which is for sale no more; null for a new offer
     */
    static Plan on(PlanTerms terms, Audience audience, Money amount, BillingInterval interval, @Nullable Plan replaced,
            Instant now) {
        Plan made = new Plan();
        made.id = Ids.next();
        made.productId = replaced == null ? made.id : replaced.productId;
        made.replaces = replaced == null ? null : replaced.id;
        made.audience = audience;
        made.amount = Amount.of(amount);
        made.interval = interval;
        made.price = PlanPrice.none();
        made.createdAt = now;
        made.apply(terms);
        return made;
    }

    /** Those for sale, to that audience if one is given: in their order, a hundred at most. */
    static List<Plan> forSale(@Nullable Audience audience) {
        Sort order = Sort.by("sortOrder").and("id");
        return (audience == null ? find("active = true", order) : find("active = true and audience = ?1", order, audience))
                .page(0, SHOWN_AT_MOST).list();
    }

    /** A page of all, and one more. */
    static List<Plan> page(Paging paging) {
        return find("id < ?1 order by id desc", paging.before()).page(0, paging.limit() + 1).list();
    }

    /** Finds the plan; null if there is none that the role of the database transaction sees. */
    static @Nullable Plan byId(UUID id) {
        return findById(id);
    }

    static @Nullable Plan locked(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    static @Nullable Plan byPrice(String stripePriceId) {
        return find("price.stripeId", stripePriceId).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
    }

    /** Those for sale to that audience, the newest first. */
    static List<Plan> forSaleNewestFirst(Audience audience) {
        return list("audience = ?1 and active = true order by id desc", audience);
    }

    /** The plan of a price at Stripe; it is not locked. */
    static @Nullable Plan soldAt(@Nullable String stripePriceId) {
        return find("price.stripeId", stripePriceId).firstResult();
    }

    /** The plans whose prices are of that product, locked in the order of their ids. */
    static List<Plan> byProduct(String stripeProductId) {
        return find("price.productId = ?1 order by id", stripeProductId).withLock(LockModeType.PESSIMISTIC_WRITE).list();
    }

    /** Whether another plan is sold instead of that one. */
    static boolean isReplaced(UUID id) {
        return count("replaces", id) > 0;
    }

    /** Reads a plan that was found again, and locks it. */
    static void lock(Plan known) {
        getEntityManager().refresh(known, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Takes plans that Stripe does not have as they are, longest not tried first; each is due again after the others. */
    static List<UUID> takeUnpushed(int atMost) {
        return getEntityManager().createNativeQuery(TAKE, UUID.class).setParameter("most", atMost).getResultStream()
                .map(UUID.class::cast).toList();
    }

    /** The terms for the next subscriber. */
    PlanTerms terms() {
        return new PlanTerms(name, description, trialDays, tier, benefits, active, sortOrder);
    }

    /** Sells on other terms from now on, and answers whether Stripe has to hear of it. */
    boolean change(PlanTerms to) {
        boolean forStripe = !Objects.equals(name, to.name()) || active != to.active();
        apply(to);
        return forStripe && price.changed();
    }

    /** Ends the sale, because another plan takes its place. */
    void retire() {
        change(new PlanTerms(name, description, trialDays, tier, benefits, false, sortOrder));
    }

    /** Records whether Stripe sells the price: a price that is put out of sale there takes its plan along. */
    void heard(boolean sold, Instant readAt) {
        if (price.accepts(readAt)) {
            price.heard(readAt);
            active = active && sold;
        }
    }

    private void apply(PlanTerms terms) {
        name = terms.name();
        description = terms.description();
        trialDays = terms.trialDays();
        tier = terms.tier();
        benefits = terms.benefits();
        active = terms.active();
        sortOrder = terms.sortOrder();
    }

    UUID id() {
        return id;
    }

    /** The first of the line of plans that replace each other: one product, of which there is one trial. */
    UUID productId() {
        return productId;
    }

    @Nullable
    UUID replaces() {
        return replaces;
    }

    String name() {
        return name;
    }

    Audience audience() {
        return audience;
    }

    /** The amount that a subscriber pays at each interval. */
    Money amount() {
        return amount.money();
    }

    BillingInterval interval() {
        return interval;
    }

    /** Whether it is for sale. */
    boolean isActive() {
        return active;
    }

    /** Its price at Stripe, which is made when the first subscribes. */
    PlanPrice price() {
        return price;
    }

    Instant createdAt() {
        return createdAt;
    }

    /** When it was last changed. */
    Instant updatedAt() {
        return updatedAt;
    }
}
