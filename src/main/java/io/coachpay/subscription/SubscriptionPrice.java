package io.coachpay.subscription;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeSubscription;

/** The price that Stripe bills for a subscription, the plan that it is of, and the one that it is to become. */
@Embeddable
class SubscriptionPrice {

    @Column(name = "plan_id")
    private @Nullable UUID planId;
    @Column(name = "stripe_price_id")
    private String id;
    @Column(name = "price_since")
    private @Nullable Instant since;
    @Embedded
    private @Nullable PlanChange wanted;
    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(name = "trial_product_ids", columnDefinition = "uuid[]")
    private List<UUID> trialProducts = List.of();

    @SuppressWarnings("NullAway.Init")
    protected SubscriptionPrice() {
    }

    /** The price of a plan, or of none of ours. */
    SubscriptionPrice(@Nullable UUID planId, String id) {
        this.planId = planId;
        this.id = id;
    }

    /** Whether Stripe's has another price: without one it has ours. */
    boolean isOther(StripeSubscription stripes) {
        return stripes.priceId() != null && !stripes.priceId().equals(id);
    }

    /**
     * Mirrors Stripe's price as of that second.
     *
     * @param plan the plan of Stripe's price, where that is another than ours; null for a price that is no plan's
     * @param status nothing is to be changed any more once it is final; while its trial goes on, that is one of the plan's
     *        product
     */
    void mirror(StripeSubscription stripes, @Nullable Plan plan, Instant at, SubscriptionStatus status) {
        wanted = status.isFinal() ? null : wanted;
        String theirs = stripes.priceId();
        if (theirs != null && isOther(stripes)) {
            id = theirs;
            planId = plan == null ? null : plan.id();
            since = at.truncatedTo(ChronoUnit.SECONDS);
            if (status == SubscriptionStatus.TRIALING && plan != null && !trialProducts.contains(plan.productId())) {
                trialProducts = Stream.concat(trialProducts.stream(), Stream.of(plan.productId())).toList();
            }
        }
    }

    /** Whether it was another one at that moment, so that a preview of then is worth nothing now. */
    boolean isNewerThan(Instant at) {
        return since != null && !since.isBefore(at);
    }

    /** Records that Stripe is asked for another one; the wish that is under way already, if there is one. */
    PlanChange want(String price, Instant at, int attempt, boolean endsTrial) {
        wanted = wanted == null ? new PlanChange(price, at, attempt, endsTrial) : wanted;
        return wanted;
    }

    /** Spends the key of that attempt at the change. */
    void nextAttempt(int after) {
        wanted = wanted == null ? null : wanted.nextAttempt(after);
    }

    /** Records that the answer to the change is known, whatever it is. */
    void changed() {
        wanted = null;
    }

    /** Whether Stripe is asked for that change. */
    boolean isWanted(PlanChange change) {
        return wanted != null && wanted.isTo(change.priceId(), change.at());
    }

    /** The change that Stripe is asked for; null for none. */
    @Nullable
    PlanChange wanted() {
        return wanted;
    }

    @Nullable
    UUID planId() {
        return planId;
    }

    /** {@code price_…}. */
    String id() {
        return id;
    }
}
