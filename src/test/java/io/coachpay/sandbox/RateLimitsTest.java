package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class RateLimitsTest extends SandboxTest {

    private final AtomicLong seconds = new AtomicLong(1_000);
    private final RateLimits limits = new RateLimits(seconds::get);

    @Test
    void limitsOneEndpointAndAllTogether() {
        limits.replace(new JsonObject("{\"perSecond\": 3, \"perEndpoint\": 2}"));
        limits.admit("a");
        limits.admit("a");

        assertThatThrownBy(() -> limits.admit("a")).isInstanceOfSatisfying(StripeError.class,
                refused -> assertThat(refused.headers()).containsEntry("Stripe-Rate-Limited-Reason", "endpoint-rate"));
        assertThatThrownBy(() -> limits.admit("b")).isInstanceOfSatisfying(StripeError.class,
                refused -> assertThat(refused.headers()).containsEntry("Stripe-Rate-Limited-Reason", "global-rate"));
        assertThat(limits.show().getLong("refused")).isEqualTo(2);
    }

    @Test
    void beginsAnewWithEachSecond() {
        limits.replace(new JsonObject("{\"perEndpoint\": 1}"));
        limits.admit("a");
        seconds.incrementAndGet();

        limits.admit("a");

        assertThat(limits.show().getLong("refused")).isZero();
    }

    @Test
    void answersWithStripesRefusalUntilTheLimitIsLifted() {
        stripe.control("PUT", "/limits", new JsonObject("{\"perEndpoint\": 0}"));

        StripeClient.Reply refused = stripe.get("/v1/balance");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().getString("code")).isEqualTo("rate_limit");
        assertThat(refused.header("Stripe-Should-Retry")).isEmpty();
        stripe.delete("/sandbox/limits");
        assertThat(stripe.get("/v1/balance").status()).isEqualTo(200);
    }
}
