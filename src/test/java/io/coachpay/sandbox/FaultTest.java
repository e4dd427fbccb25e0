package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

class FaultTest extends SandboxTest {

    @Test
    void failsBeforeTheEffect() {
        plan("500_before");
        StripeClient keyed = stripe.with("Idempotency-Key", "k");

        int failed = keyed.post("/v1/customers", "name", "Alice").status();

        assertThat(failed).isEqualTo(500);
        assertThat(customers()).isEmpty();
        assertThat(keyed.post("/v1/customers", "name", "Alice").status()).isEqualTo(200);
    }

    @Test
    void failsAfterTheEffectAndReplaysTheFailure() {
        plan("500_after");
        StripeClient keyed = stripe.with("Idempotency-Key", "k");

        int failed = keyed.post("/v1/customers", "name", "Alice").status();
        StripeClient.Reply again = keyed.post("/v1/customers", "name", "Alice");

        assertThat(failed).isEqualTo(500);
        assertThat(again.status()).isEqualTo(500);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(customers()).hasSize(1);
    }

    @Test
    void losesTheAnswerAndReplaysTheSuccess() {
        plan("lost_answer");
        StripeClient keyed = stripe.with("Idempotency-Key", "k");

        assertThatThrownBy(() -> keyed.post("/v1/customers", "name", "Alice")).isInstanceOf(UncheckedIOException.class);

        StripeClient.Reply again = keyed.post("/v1/customers", "name", "Alice");
        assertThat(again.status()).isEqualTo(200);
        assertThat(customers()).hasSize(1);
    }

    @Test
    void refusesConnectionsAndLimitsRates() {
        stripe.control("PUT", "/faults", new JsonObject("{\"requests\": [{\"times\": 1, \"do\": \"429\"}, {\"match\": "
                + "{\"method\": \"POST\"}, \"times\": 1, \"do\": \"error\", \"status\": 400, \"code\": \"balance_insufficient\"}]}"));

        assertThat(stripe.get("/v1/balance").error().getString("code")).isEqualTo("rate_limit");
        assertThat(stripe.post("/v1/customers").error().getString("code")).isEqualTo("balance_insufficient");
        plan("refuse");
        assertThatThrownBy(() -> stripe.post("/v1/customers")).isInstanceOf(UncheckedIOException.class);
        plan("no_answer");
        assertThatThrownBy(() -> stripe.post("/v1/customers")).isInstanceOf(UncheckedIOException.class);
        assertThat(customers()).isEmpty();
    }

    @Test
    void drawsTheSameFaultsFromTheSameSeed() {
        assertThat(draws(7)).isEqualTo(draws(7)).contains(200).contains(500).isNotEqualTo(draws(8));
    }

    @Test
    void settlesLaterAsPlanned() {
        String account = stripe.onboardedAccount();
        stripe.control("PUT", "/faults", new JsonObject("{\"settlements\": [{\"times\": 1, \"millis\": 300}]}"));

        String charge = stripe.pay(account, 12500, 2500, "usd").json().getString("latest_charge");

        JsonObject early = stripe.get("/v1/charges/" + charge).json();
        assertThat(early.getValue("balance_transaction")).isNull();
        assertThat(early.containsKey("transfer")).isFalse();
        assertThat(stripe.get("/sandbox/under-way").json().getInteger("settlements")).isEqualTo(1);
        await().until(() -> stripe.get("/v1/charges/" + charge).json().getValue("balance_transaction") != null);
        assertThat(balance(account, "usd").getString("net")).isEqualTo("100.00");
    }

    @Test
    void takesRequestsWithoutWhatIsPlanned() {
        stripe.control("PUT", "/faults", new JsonObject("{\"requests\": [{\"times\": 1, \"do\": \"500_after\"}], \"without\": "
                + "[{\"match\": {\"path\": \"/v1/customers\"}, \"parameters\": [\"email\"], \"headers\": [\"Idempotency-Key\"]}]}"));
        StripeClient keyed = stripe.with("Idempotency-Key", "k");

        keyed.post("/v1/customers", "name", "Alice", "email", "alice@example.com");
        keyed.post("/v1/customers", "name", "Alice", "email", "alice@example.com");

        assertThat(Json.objects(customers())).hasSize(2).allSatisfy(each -> {
            assertThat(each.getString("name")).isEqualTo("Alice");
            assertThat(each.getString("email")).isNull();
        });
    }

    @Test
    void refusesPlansItDoesNotUnderstand() {
        assertThat(plan("explode")).isEqualTo(400);
        assertThat(stripe.control("PUT", "/faults", new JsonObject().put("surprises", new JsonArray())).status())
                .isEqualTo(400);
        assertThat(stripe.send("PUT", "/sandbox/faults", "application/json", "{nonsense").status()).isEqualTo(400);
    }

    private List<Integer> draws(int seed) {
        stripe.control("PUT", "/faults",
                new JsonObject("{\"seed\": " + seed + ", \"requests\": [{\"probability\": 0.5, \"do\": \"500_before\"}]}"));
        List<Integer> statuses = IntStream.range(0, 20).mapToObj(i -> stripe.get("/v1/balance").status()).toList();
        stripe.delete("/sandbox/faults");
        return statuses;
    }

    private int plan(String what) {
        return stripe.control("PUT", "/faults", new JsonObject("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": "
                + "\"/v1/customers*\"}, \"times\": 1, \"do\": \"" + what + "\", \"millis\": 50}]}")).status();
    }

    private JsonArray customers() {
        return stripe.get("/v1/customers").json().getJsonArray("data");
    }
}
