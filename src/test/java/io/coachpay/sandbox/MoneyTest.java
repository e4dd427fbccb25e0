package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

/** The sandbox's money, to the cent, as a ledger would be compared with it. */
class MoneyTest {

    private Sandbox sandbox;
    private StripeClient stripe;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(Options.ofTests());
        stripe = new StripeClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void bookDestinationCharge() {
        String account = stripe.onboardedAccount();

        var paid = stripe.pay(account, 12500, 2500, "usd");

        assertThat(paid.status()).as(paid.json().encode()).isEqualTo(200);
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("21.07");
        assertThat(balance("platform", "usd").getString("pending")).isEqualTo("21.07");
        assertThat(balance(account, "usd").getString("pending")).isEqualTo("100.00");
        JsonObject payment = balance(account, "usd").getJsonObject("byType").getJsonObject("payment");
        assertThat(payment).isEqualTo(Json.object("count", 1, "amount", "125.00", "fee", "25.00", "net", "100.00"));
        assertThat(stripe.books().getJsonArray("outside").getJsonObject(0)).isEqualTo(
                Json.object("currency", "usd", "payers", "-125.00", "stripeFees", "3.93", "banks", "0.00"));
        assertBalanced();
    }

    private JsonObject balance(String account, String currency) {
        return Json.objects(stripe.books().getJsonArray("accounts")).stream()
                .filter(each -> each.getString("account").equals(account)).findFirst().orElseThrow().getJsonArray("balances")
                .stream().map(JsonObject.class::cast).filter(each -> each.getString("currency").equals(currency)).findFirst()
                .orElseThrow();
    }

    private void assertBalanced() {
        assertThat(Json.objects(stripe.books().getJsonArray("check"))).isNotEmpty()
                .allSatisfy(check -> assertThat(check.getString("sum")).matches("0(\\.0+)?"));
    }
}
