package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

/** Stripe's protocol, apart from the objects it carries. */
class WireTest extends SandboxTest {

    @Test
    void asksForKey() {
        assertThat(stripe.with("Authorization", "Bearer nonsense").get("/v1/balance").status()).isEqualTo(401);
        assertThat(stripe.with("Authorization", "").get("/v1/balance").status()).isEqualTo(401);
        assertThat(stripe.with("Authorization", "Basic c2tfdGVzdF94Og==").get("/v1/balance").status()).isEqualTo(200);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        StripeClient.Reply path = stripe.get("/v1/unicorns");
        JsonObject parameter = stripe.post("/v1/customers", "shoe_size", "44").error();
        JsonObject nested = stripe.post("/v1/customers", "address[planet]", "Mars").error();
        JsonObject missing = stripe.post("/v1/payment_intents", "amount", 1000).error();
        JsonObject number = stripe.post("/v1/payment_intents", "amount", "much", "currency", "usd").error();

        assertThat(path.status()).isEqualTo(404);
        assertThat(path.error().getString("type")).isEqualTo("invalid_request_error");
        assertThat(parameter.getString("code")).isEqualTo("parameter_unknown");
        assertThat(nested.getString("param")).isEqualTo("address[planet]");
        assertThat(missing.getString("code")).isEqualTo("parameter_missing");
        assertThat(missing.getString("param")).isEqualTo("currency");
        assertThat(number.getString("code")).isEqualTo("parameter_invalid_integer");
        assertThat(stripe.get("/v1/customers/cus_nobody").error().getString("code")).isEqualTo("resource_missing");
    }

    @Test
    void identifiesEachRequest() {
        StripeClient.Reply reply = stripe.get("/v1/balance");

        assertThat(reply.header("Request-Id")).startsWith("req_");
        assertThat(reply.header("Stripe-Version")).isEqualTo(Events.API_VERSION);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void makesIdsOfLettersAndDigits() {
        String account = stripe.onboardedAccount();

        JsonObject intent = stripe.pay(account, 1000, 100, "usd").json();

        assertThat(intent.getString("id")).matches("pi_[A-Za-z0-9]{24}");
        assertThat(intent.getString("latest_charge")).matches("ch_[A-Za-z0-9]{24}");
        assertThat(account).matches("acct_[A-Za-z0-9]{24}");
    }

    @Test
    void keepsAndRemovesMetadata() {
        String customer = stripe.post("/v1/customers", "metadata[a]", "1", "metadata[b]", "2").id();

        JsonObject changed = stripe.post("/v1/customers/" + customer, "metadata[a]", "", "metadata[c]", "3").json();
        JsonObject cleared = stripe.post("/v1/customers/" + customer, "metadata", "").json();

        assertThat(changed.getJsonObject("metadata")).isEqualTo(Json.object("b", "2", "c", "3"));
        assertThat(cleared.getJsonObject("metadata")).isEmpty();
    }

    @Test
    void pagesForwardsAndBackwards() {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            newestFirst.add(0, stripe.post("/v1/customers", "name", "N" + i).id());
        }

        JsonObject first = stripe.get("/v1/customers?limit=2").json();
        JsonObject second = stripe.get("/v1/customers?limit=2&starting_after=" + newestFirst.get(1)).json();
        JsonObject last = stripe.get("/v1/customers?limit=2&starting_after=" + newestFirst.get(3)).json();
        JsonObject back = stripe.get("/v1/customers?limit=2&ending_before=" + newestFirst.get(4)).json();

        assertThat(ids(first)).isEqualTo(newestFirst.subList(0, 2));
        assertThat(first.getBoolean("has_more")).isTrue();
        assertThat(ids(second)).isEqualTo(newestFirst.subList(2, 4));
        assertThat(ids(last)).isEqualTo(newestFirst.subList(4, 5));
        assertThat(last.getBoolean("has_more")).isFalse();
        assertThat(ids(back)).isEqualTo(newestFirst.subList(2, 4));
        assertThat(stripe.get("/v1/customers?created[gt]=99999999999").json().getJsonArray("data")).isEmpty();
        assertThat(stripe.get("/v1/customers?limit=101").status()).isEqualTo(400);
    }

    @Test
    void expandsWhatIsAskedFor() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 1000, 100, "usd").id();

        JsonObject expanded = stripe
                .get("/v1/payment_intents/" + intent
                        + "?expand[]=latest_charge.balance_transaction&expand[]=transfer_data.destination")
                .json();

        assertThat(expanded.getJsonObject("latest_charge").getJsonObject("balance_transaction").getLong("net")).isEqualTo(941);
        assertThat(expanded.getJsonObject("transfer_data").getJsonObject("destination").getString("id")).isEqualTo(account);
        assertThat(stripe.get("/v1/payment_intents/" + intent + "?expand[]=nonsense").status()).isEqualTo(400);
    }

    @Test
    void replaysAnswersUnderTheirKey() {
        StripeClient keyed = stripe.with("Idempotency-Key", "key-1");

        StripeClient.Reply first = keyed.post("/v1/customers", "name", "Alice");
        StripeClient.Reply again = keyed.post("/v1/customers", "name", "Alice");
        StripeClient.Reply other = keyed.post("/v1/customers", "name", "Bob");

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.error().getString("type")).isEqualTo("idempotency_error");
    }

    @Test
    void replaysDeclinesButNotMistakes() {
        StripeClient declined = stripe.with("Idempotency-Key", "key-2");
        Object[] bad = { "amount", 1000, "currency", "usd", "confirm", "true", "payment_method",
                "pm_card_visa_chargeDeclined" };

        declined.post("/v1/payment_intents", bad);
        StripeClient.Reply again = declined.post("/v1/payment_intents", bad);
        StripeClient mistaken = stripe.with("Idempotency-Key", "key-3");
        int mistake = mistaken.post("/v1/customers", "nonsense", "1").status();
        int misread = stripe.with("Idempotency-Key", "key-6").post("/v1/payment_intents", "amount", "1x", "currency", "usd")
                .status();
        int reread = stripe.with("Idempotency-Key", "key-6").post("/v1/payment_intents", "amount", "100", "currency", "usd")
                .status();
        int corrected = mistaken.post("/v1/customers", "name", "Alice").status();

        assertThat(again.status()).isEqualTo(402);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(stripe.get("/v1/charges").json().getJsonArray("data")).hasSize(1);
        assertThat(mistake).isEqualTo(400);
        assertThat(corrected).isEqualTo(200);
        assertThat(misread).isEqualTo(400);
        assertThat(reread).isEqualTo(200);
    }

    @Test
    void forgetsKeysAfterDay() {
        StripeClient keyed = stripe.with("Idempotency-Key", "key-4");
        String first = keyed.post("/v1/customers", "name", "Alice").id();

        stripe.advance(25 * 60 * 60);

        assertThat(keyed.post("/v1/customers", "name", "Alice").id()).isNotEqualTo(first);
    }

    @Test
    void refusesKeyThatIsInUse() {
        stripe.control("PUT", "/faults",
                new JsonObject(
                        "{\"requests\": [{\"match\": {\"path\": \"/v1/customers\"}, \"times\": 1, \"do\": \"latency\", \"millis\": 500}]}"));
        StripeClient keyed = stripe.with("Idempotency-Key", "key-5");

        List<CompletableFuture<StripeClient.Reply>> both = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> keyed.post("/v1/customers", "name", "Alice"))).toList();

        assertThat(both.stream().map(CompletableFuture::join).map(StripeClient.Reply::status)).containsExactlyInAnyOrder(200,
                409);
    }

    @Test
    void showsEachAccountItsOwnObjectsAlone() {
        String account = stripe.onboardedAccount();
        String other = stripe.onboardedAccount();
        stripe.pay(account, 1000, 100, "usd");
        String transaction = stripe.on(account).get("/v1/balance_transactions").json().getJsonArray("data").getJsonObject(0)
                .getString("id");

        assertThat(stripe.on(account).get("/v1/balance_transactions/" + transaction).status()).isEqualTo(200);
        assertThat(stripe.on(other).get("/v1/balance_transactions/" + transaction).status()).isEqualTo(404);
        assertThat(stripe.get("/v1/balance_transactions/" + transaction).status()).isEqualTo(404);
        assertThat(stripe.on("acct_nobody").get("/v1/balance").status()).isEqualTo(403);
    }

    private static List<String> ids(JsonObject list) {
        return Json.objects(list.getJsonArray("data")).stream().map(each -> each.getString("id")).toList();
    }
}
