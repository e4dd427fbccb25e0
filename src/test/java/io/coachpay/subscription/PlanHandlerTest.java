package io.coachpay.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.inbox.Answers;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.SomeEvent;

/** Events about the price and the product of a plan that Stripe sells. */
@ServiceTest
class PlanHandlerTest {

    @Inject
    Undone undone;
    @Inject
    PlanHandler handler;

    private UUID plan;
    private String price;
    private String product;
    private Instant now;

    @BeforeEach
    void offerAPlan() {
        now = undone.now();
        plan = UUID.randomUUID();
        price = "price_" + plan.toString().replace("-", "");
        product = "prod_" + plan.toString().replace("-", "");
        OwnerSql.run("""
                insert into subscription_plans (id, product_id, name, audience, amount, currency, billing_interval, tier,
                  stripe_price_id, stripe_product_id, price_status, stripe_as_of)
                values (?, ?, 'Pro', 'user', 19, 'USD', 'month', 'pro', ?, ?, 'synced', ?::timestamptz)""", plan, plan, price,
                product, now.toString());
    }

    @Test
    void readsWhatIsOfAPlanAsItIsNow() {
        assertThat(handler.needs(event("price.updated", "price", price))).containsExactly(new Fetch("price", price, null));
        assertThat(handler.needs(event("product.updated", "product", product)))
                .containsExactly(new Fetch("product", product, null));
        assertThat(handler.needs(event("price.updated", "price", "price_others"))).isEmpty();
        assertThat(handler.needs(event("product.updated", "product", "prod_others"))).isEmpty();
        assertThat(handler.needs(event("price.deleted", "price", price))).isEmpty();
    }

    @Test
    void endsTheSaleWithThePrice() {
        undone.run(() -> {
            apply("price", price, true, now.plusSeconds(1));
            assertThat(state()).isEqualTo("true");
            apply("price", price, false, now.plusSeconds(2));
            assertThat(state()).isEqualTo("false");
            apply("price", price, true, now.plusSeconds(3));
            assertThat(state()).as("only an administrator sells it again").isEqualTo("false");
        });
    }

    @Test
    void endsTheSaleWithTheProduct() {
        undone.run(() -> {
            apply("product", product, false, now.plusSeconds(1));

            assertThat(state()).isEqualTo("false");
        });
    }

    /** An administrator has sold the plan again since Stripe was asked. */
    @Test
    void changesNothingForAReadingThatIsStale() {
        undone.run(() -> {
            apply("price", price, false, now.minusSeconds(1));
            assertThat(state()).isEqualTo("true");
            undone.change("update subscription_plans set price_status = 'pending' where id = ?", plan);
            apply("price", price, false, now.plusSeconds(1));

            assertThat(state()).isEqualTo("true");
        });
    }

    @Test
    void forgetsWhatStripeHasDeleted() {
        undone.run(() -> {
            handler.apply(event("price.deleted", "price", "price_others"), Fetched.nothing());
            assertThat(undone.texts("select stripe_price_id from subscription_plans where id = ?", plan))
                    .containsExactly(price);
            handler.apply(event("price.deleted", "price", price), Fetched.nothing());

            assertThat(undone.texts("select stripe_price_id is null, price_attempt from subscription_plans where id = ?", plan))
                    .containsExactly("true 2");
        });
        undone.run(() -> {
            handler.apply(event("product.deleted", "product", product), Fetched.nothing());

            assertThat(undone.texts("select stripe_price_id is null from subscription_plans where id = ?", plan))
                    .containsExactly("true");
        });
    }

    @Test
    void leavesAloneWhatIsOfOthers() {
        undone.run(() -> {
            handler.apply(event("product.updated", "product", "prod_others"), Fetched.nothing());
            handler.apply(event("product.deleted", "product", "prod_others"), Fetched.nothing());
            assertThatThrownBy(() -> handler.apply(event("product.created", "product", product), Fetched.nothing()))
                    .isInstanceOf(IllegalArgumentException.class);

            assertThat(state()).isEqualTo("true");
        });
    }

    private void apply(String kind, String id, boolean active, Instant asked) {
        handler.apply(event(kind + ".updated", kind, id), Answers.of(new Fetch(kind, id, null), Json.read("""
                {"id": "%s", "object": "%s", "active": %s, "product": "%s"}""".formatted(id, kind, active, product)), asked));
    }

    private Event event(String type, String kind, String id) {
        return SomeEvent.platform(type, now, "{\"id\": \"%s\", \"object\": \"%s\", \"active\": true}".formatted(id, kind));
    }

    private String state() {
        return undone.texts("select is_active from subscription_plans where id = ?", plan).get(0);
    }
}
