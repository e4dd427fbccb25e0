package io.coachpay.subscription;

import java.time.Instant;
import java.util.Objects;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import io.coachpay.stripe.StripePrice;
import io.coachpay.stripe.StripeProduct;

/**
 * Records our side of plans as Stripe sells them. Every verb runs inside the caller's database transaction, and none calls
 * Stripe. Prices and products that are no plan's are others' affairs.
 */
@ApplicationScoped
class PlanBooks {

    /** Whether the price is a plan's. */
    @Transactional(TxType.MANDATORY)
    boolean knowsPrice(String priceId) {
        return Plan.count("price.stripeId", priceId) > 0;
    }

    /** Whether the product is a plan's. */
    @Transactional(TxType.MANDATORY)
    boolean knowsProduct(String productId) {
        return Plan.count("price.productId", productId) > 0;
    }

    /** Records whether Stripe sells the price: one that is put out of sale there takes its plan along. */
    @Transactional(TxType.MANDATORY)
    void mirror(StripePrice price, Instant readAt) {
        Plan plan = Plan.byPrice(price.id());
        if (plan != null) {
            plan.heard(price.active(), readAt);
        }
    }

    /** Records whether Stripe sells the product: one that is put out of sale there takes its plans along. */
    @Transactional(TxType.MANDATORY)
    void mirror(StripeProduct product, Instant readAt) {
        Plan.byProduct(product.id()).forEach(plan -> plan.heard(product.active(), readAt));
    }

    /** Forgets a price that Stripe has deleted; the next need makes another. */
    @Transactional(TxType.MANDATORY)
    void priceGone(String priceId, Instant now) {
        Plan plan = Plan.byPrice(priceId);
        if (plan != null) {
            plan.price().gone(priceId, now);
        }
    }

    /** Forgets the prices of a product that Stripe has deleted; the next need makes another. */
    @Transactional(TxType.MANDATORY)
    void productGone(String productId, Instant now) {
        Plan.byProduct(productId).forEach(
                plan -> plan.price().gone(Objects.requireNonNull(plan.price().stripeId(), "A product comes with a price"),
                        now));
    }
}
