package io.coachpay.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;

import org.joda.money.Money;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final Instant NOON = Instant.parse("2030-05-06T12:00:00Z");
    private static final Benefits FEE = new Benefits(new BigDecimal("12.50"), null);
    private static final Money PRICE = Money.parse("USD 19.00");

    private final Plan plan = Plan.on(terms("Pro", true), Audience.USER, PRICE, BillingInterval.MONTH, null, NOON);
    private final PlanPrice price = plan.price();

    @Test
    void offersItsTerms() {
        assertThat(plan.terms()).isEqualTo(terms("Pro", true));
        assertThat(plan.id()).isNotNull().isEqualTo(plan.productId());
        assertThat(plan.replaces()).isNull();
        assertThat(plan.name()).isEqualTo("Pro");
        assertThat(plan.audience()).isEqualTo(Audience.USER);
        assertThat(plan.amount()).isEqualTo(PRICE);
        assertThat(plan.interval()).isEqualTo(BillingInterval.MONTH);
        assertThat(plan.createdAt()).isEqualTo(NOON);
        assertThat(price.stripeId()).isNull();
        assertThat(price.productId()).isNull();
        assertThat(price.attempt()).isEqualTo(1);
        assertThat(FEE.creditBonusPercentage()).isEqualByComparingTo("0");
    }

    @Test
    void isOneProductWithThePlanThatItReplaces() {
        Plan next = Plan.on(terms("Pro", true), Audience.USER, Money.parse("USD 29.00"), BillingInterval.MONTH, plan, NOON);
        Plan last = Plan.on(terms("Pro", true), Audience.USER, Money.parse("USD 39.00"), BillingInterval.MONTH, next, NOON);

        assertThat(next.replaces()).isEqualTo(plan.id());
        assertThat(next.id()).isNotEqualTo(plan.id());
        assertThat(last.productId()).isEqualTo(plan.id());
    }

    @Test
    void tellsStripeOfAnotherNameOrSaleAlone() {
        assertThat(plan.change(terms("Basic", true))).as("Stripe has no price yet").isFalse();
        price.made("price_1", "prod_1");
        price.told(1, true, NOON);

        assertThat(plan.change(new PlanTerms("Basic", null, 0, "basic", Benefits.NONE, true, 9))).isFalse();
        assertThat(plan.terms().tier()).isEqualTo("basic");
        assertThat(plan.change(terms("Pro", true))).isTrue();
        assertThat(price.isUntold()).isTrue();
        assertThat(price.attempt()).isEqualTo(2);
        assertThat(plan.change(terms("Pro", false))).isTrue();
        assertThat(price.attempt()).isEqualTo(3);
    }

    @Test
    void retiresOnce() {
        price.made("price_1", "prod_1");

        plan.retire();
        assertThat(plan.isActive()).isFalse();
        assertThat(plan.terms()).isEqualTo(terms("Pro", false));
        assertThat(price.attempt()).isEqualTo(2);
        plan.retire();
        assertThat(price.attempt()).isEqualTo(2);
    }

    @Test
    void keepsTheFirstPrice() {
        price.made("price_1", "prod_1");
        price.made("price_2", "prod_2");

        assertThat(price.stripeId()).isEqualTo("price_1");
        assertThat(price.productId()).isEqualTo("prod_1");
    }

    @Test
    void believesTheAnswerToTheLatestChangeAlone() {
        price.made("price_1", "prod_1");
        price.changed();

        price.told(1, true, NOON);
        assertThat(price.isUntold()).isTrue();
        price.told(2, false, NOON);
        assertThat(price.status()).isEqualTo(PlanPrice.Status.FAILED);
        price.told(2, true, NOON);
        assertThat(price.status()).isEqualTo(PlanPrice.Status.FAILED);
    }

    @Test
    void endsItsSaleWithTheOneAtStripe() {
        price.made("price_1", "prod_1");
        plan.heard(false, NOON.plusSeconds(9));
        assertThat(plan.isActive()).as("Ours is newer, and on its way").isTrue();
        price.told(1, true, NOON);

        plan.heard(false, NOON.minusMillis(1));
        assertThat(plan.isActive()).as("Read before Stripe had ours").isTrue();
        plan.heard(true, NOON);
        assertThat(plan.isActive()).isTrue();
        plan.heard(false, NOON);
        assertThat(plan.isActive()).isFalse();
        plan.heard(true, NOON.plusSeconds(1));
        assertThat(plan.isActive()).as("Only an administrator sells it again").isFalse();
        plan.change(terms("Pro", true));
        price.told(2, true, NOON.plusSeconds(3));
        plan.heard(false, NOON.plusSeconds(2));
        assertThat(plan.isActive()).isTrue();
    }

    @Test
    void remembersTheTimeOfNews() {
        price.made("price_1", "prod_1");
        price.told(1, true, NOON);
        plan.heard(true, NOON.plusSeconds(5));

        plan.heard(false, NOON.plusSeconds(4));

        assertThat(plan.isActive()).isTrue();
    }

    @Test
    void beginsAgainWhenThePriceIsGone() {
        assertThat(price.sought(NOON)).isEqualTo(NOON);
        price.made("price_1", "prod_1");
        price.told(1, true, NOON);

        price.gone("price_2", NOON.plusSeconds(1));
        assertThat(price.stripeId()).isEqualTo("price_1");
        price.gone("price_1", NOON.plusSeconds(2));

        assertThat(price.stripeId()).isNull();
        assertThat(price.productId()).isNull();
        assertThat(price.status()).isNull();
        assertThat(price.attempt()).isEqualTo(2);
        assertThat(price.soughtFrom()).isEqualTo(NOON.plusSeconds(2));
        assertThat(price.accepts(NOON.minusSeconds(1))).isTrue();
    }

    @Test
    void looksFromTheFirstNeedOrTheLastVainLook() {
        price.sought(NOON);
        assertThat(price.sought(NOON.plusSeconds(1))).isEqualTo(NOON);
        price.soughtInVain(NOON.plusSeconds(2));
        price.soughtInVain(NOON.plusSeconds(1));

        assertThat(price.soughtFrom()).isEqualTo(NOON.plusSeconds(2));
    }

    @Test
    void spendsAnAttemptOnce() {
        price.nextAttempt(1);
        price.nextAttempt(1);

        assertThat(price.attempt()).isEqualTo(2);
    }

    private static PlanTerms terms(String name, boolean active) {
        return new PlanTerms(name, "Lower fees", 14, "professional", FEE, active, 4);
    }
}
