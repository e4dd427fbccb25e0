package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class ApiKeysTest extends SandboxTest {

    @Test
    void refusesARolledKeyUntilItIsGoodAgain() {
        keys("{\"rolled\": [\"sk_test_old_1234\"]}");
        StripeClient old = stripe.with("Authorization", "Bearer sk_test_old_1234");

        StripeClient.Reply refused = old.get("/v1/balance");

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.error().getString("code")).isEqualTo("api_key_expired");
        assertThat(refused.error().getString("message")).endsWith("1234").doesNotContain("sk_test_old_1234");
        assertThat(stripe.get("/v1/balance").status()).isEqualTo(200);
        stripe.delete("/sandbox/keys");
        assertThat(old.get("/v1/balance").status()).isEqualTo(200);
    }

    @Test
    void keepsNothingUnderAnIdempotencyKeyOfWhoWasRefused() {
        keys("{\"rolled\": [\"sk_test_old\"]}");
        StripeClient old = stripe.with("Authorization", "Bearer sk_test_old").with("Idempotency-Key", "k");
        assertThat(old.post("/v1/customers", "name", "Alice").status()).isEqualTo(401);
        stripe.delete("/sandbox/keys");

        StripeClient.Reply made = old.post("/v1/customers", "name", "Alice");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.header("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void restrictsAKeyFromSomeCalls() {
        keys("""
                {"restricted": [{"key": "rk_test_less", "method": "POST", "path": "/v1/customers*", "right": "rak_customer_write"}]}""");
        StripeClient less = stripe.with("Authorization", "Bearer rk_test_less");

        StripeClient.Reply refused = less.post("/v1/customers", "name", "Alice");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.error().getString("code")).isNull();
        assertThat(refused.error().getString("message")).contains("required permissions", "rak_customer_write");
        assertThat(less.get("/v1/customers").status()).isEqualTo(200);
        assertThat(stripe.post("/v1/customers", "name", "Alice").status()).isEqualTo(200);
    }

    @Test
    void refusesAPlanItDoesNotUnderstand() {
        assertThat(stripe.control("PUT", "/keys", new JsonObject("{\"roled\": []}")).status()).isEqualTo(400);
        assertThat(stripe.control("PUT", "/keys", new JsonObject("{\"restricted\": [{\"path\": \"/v1/refunds\"}]}")).status())
                .isEqualTo(400);
    }

    private void keys(String plan) {
        assertThat(stripe.control("PUT", "/keys", new JsonObject(plan)).status()).isEqualTo(200);
    }
}
