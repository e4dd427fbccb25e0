package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

class ClockTest extends SandboxTest {

    @Test
    void letsTimePass() {
        JsonObject clock = stripe.advance(172_800).json();

        assertThat(clock.getLong("offsetSeconds")).isEqualTo(172_800);
        assertThat(Instant.parse(clock.getString("now"))).isAfter(Instant.now().plusSeconds(172_790));
        assertThat(sandbox.clock().instant()).isAfter(Instant.now().plusSeconds(172_790));
        long created = stripe.post("/v1/customers").json().getLong("created");
        assertThat(created).isGreaterThan(Instant.now().getEpochSecond() + 172_790);
    }

    @Test
    void letsThingsHappenAtTheirMoment() {
        String account = stripe.onboardedAccount();
        long paidAt = stripe.pay(account, 1000, 100, "usd").json().getLong("created");

        stripe.advance(10 * 24 * 60 * 60);

        JsonObject event = stripe.on(account).get("/v1/events?type=balance.available").json().getJsonArray("data")
                .getJsonObject(0);
        assertThat(event.getLong("created")).isBetween(paidAt + 172_800, paidAt + 172_802);
    }

    @Test
    void refusesToGoBack() {
        assertThat(stripe.advance(-1).status()).isEqualTo(400);
        assertThat(stripe.control("POST", "/clock/advance", new JsonObject().put("seconds", "soon")).status()).isEqualTo(400);
        assertThat(stripe.control("/clock/advance").status()).isEqualTo(400);
    }
}
