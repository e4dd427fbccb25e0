package io.coachpay.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Crossed;
import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.stripe.StripeProduct;

/** The plans of a product are changed by several database transactions at once. */
@ServiceTest
class PlansTogetherTest {

    @Inject
    Crossed crossed;
    @Inject
    EntityManager entities;
    @Inject
    PlanBooks books;

    private final List<UUID> plans = List.of(UUID.randomUUID(), UUID.randomUUID());
    private UUID user;
    private String mark;
    private Instant now;

    @BeforeEach
    void sellTwoPlansOfOneProduct() {
        user = UUID.fromString(Person.called("subscriber-" + plans.get(0)).id());
        now = StripeSandbox.now();
        mark = plans.get(0).toString().replace("-", "");
        for (int i = 0; i < plans.size(); i++) {
            OwnerSql.run(
                    """
                            insert into subscription_plans (id, product_id, replaces, name, audience, amount, currency, billing_interval,
                              tier, stripe_price_id, stripe_product_id, price_status, stripe_as_of)
                            values (?, ?, ?, 'Pro', 'user', 19, 'USD', 'month', 'pro', ?, ?, 'synced', ?::timestamptz)""",
                    plans.get(i),
                    plans.get(0), i == 0 ? null : plans.get(0), "price_" + i + mark, "prod_" + mark, now.toString());
        }
    }

    @AfterEach
    void endTheSale() {
        OwnerSql.run("delete from subscriptions where user_id = ?", user);
        OwnerSql.run("update subscription_plans set is_active = false where product_id = ?", plans.get(0));
    }

    @Test
    void changeTogetherWhileASubscriptionToOneBegins() {
        crossed.run(this::begin, this::endAtStripe, this::endAtStripe);

        assertThat(OwnerSql.rows("select is_active from subscription_plans where product_id = ?", plans.get(0)))
                .extracting(row -> row.get("is_active")).containsExactly(false, false);
    }

    /** A price of a plan that somebody deletes at Stripe is unique, and a column of the row that subscriptions name. */
    @Test
    void losesItsPricesWhileASubscriptionToOneBegins() {
        crossed.run(this::begin, () -> books.productGone("prod_" + mark, now), () -> books.productGone("prod_" + mark, now));

        assertThat(OwnerSql.rows("select stripe_price_id from subscription_plans where product_id = ?", plans.get(0)))
                .extracting(row -> row.get("stripe_price_id")).containsExactly(null, null);
    }

    private void begin() {
        entities.createNativeQuery(
                """
                        insert into subscriptions (id, user_id, plan_id, product_id, status, stripe_customer_id, stripe_price_id, trial_days,
                          success_url, cancel_url, page_expires_at)
                        values (gen_random_uuid(), ?1, ?2, ?2, 'expired', 'cus_1', 'price_1', 0, '/', '/', now())""")
                .setParameter(1, user).setParameter(2, plans.get(0)).executeUpdate();
    }

    private void endAtStripe() {
        books.mirror(StripeProduct.from(Json.read("""
                {"id": "prod_%s", "object": "product", "name": "Pro", "active": false, "metadata": {}, "created": 1}"""
                .formatted(mark))), now.plusSeconds(1));
    }
}
