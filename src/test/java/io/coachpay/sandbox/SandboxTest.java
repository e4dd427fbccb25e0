package io.coachpay.sandbox;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import io.vertx.core.json.JsonObject;

/** A sandbox of its own for each test; starting one takes milliseconds. */
abstract class SandboxTest {

    Sandbox sandbox;
    StripeClient stripe;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(Options.ofTests());
        stripe = new StripeClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    JsonObject balance(String account, String currency) {
        return Json.objects(stripe.books().getJsonArray("accounts")).stream()
                .filter(each -> each.getString("account").equals(account)).findFirst().orElseThrow().getJsonArray("balances")
                .stream().map(JsonObject.class::cast).filter(each -> each.getString("currency").equals(currency)).findFirst()
                .orElseThrow();
    }
}
