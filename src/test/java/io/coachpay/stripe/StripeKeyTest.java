package io.coachpay.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.job.Background;

class StripeKeyTest {

    private static final Duration PAUSE = Duration.ofSeconds(15);
    private static final String EXPIRED = "{\"type\": \"invalid_request_error\", \"code\": \"api_key_expired\", \"message\": \"No.\"}";
    private static final String LACKING = "{\"type\": \"invalid_request_error\", \"message\": \"No.\"}";

    private final ScriptedStripe stripe = new ScriptedStripe();
    private final Moving clock = new Moving();
    private final StripeKey key = new StripeKey(clock, stripe.meters);
    private final StripeCalls calls = stripe.calls(key);

    private static final class Moving extends Clock {

        private Instant now = Instant.parse("2026-03-01T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @AfterEach
    void close() {
        stripe.close();
    }

    @Test
    void asksOnceForAllWhileTheKeyIsRefused() {
        stripe.refuses(401, EXPIRED);
        refusesInBackground("refunds.create");

        refusesInBackground("refunds.create");
        refusesInBackground("balance.retrieve");

        assertThat(stripe.asked()).hasSize(1);
        assertThat(gauge("coachpay.stripe.key.refused")).isEqualTo(1);
    }

    @Test
    void letsOneCallThroughAfterThePause() {
        stripe.refuses(401, EXPIRED).refuses(401, EXPIRED);
        refusesInBackground("refunds.create");
        clock.now = clock.now.plus(PAUSE);

        refusesInBackground("refunds.create");
        refusesInBackground("refunds.create");

        assertThat(stripe.asked()).hasSize(2);
    }

    @Test
    void goesOnAfterTheFirstSuccess() {
        stripe.refuses(401, EXPIRED).answers(200, "{}").answers(200, "{}");
        refusesInBackground("refunds.create");
        clock.now = clock.now.plus(PAUSE);

        inBackground("refunds.create");
        inBackground("balance.retrieve");

        assertThat(gauge("coachpay.stripe.key.refused")).isZero();
    }

    @Test
    void goesOnWhenStripeRefusesSomethingElse() {
        stripe.refuses(401, EXPIRED).refuses(404, LACKING).answers(200, "{}");
        refusesInBackground("refunds.create");
        clock.now = clock.now.plus(PAUSE);

        assertThatThrownBy(() -> inBackground("refunds.create")).isInstanceOf(StripeRefused.ResourceMissing.class);

        inBackground("refunds.create");
    }

    @Test
    void staysStillWhileNobodyCanTell() {
        stripe.refuses(401, EXPIRED).refuses(500, LACKING).refuses(429, LACKING);
        refusesInBackground("refunds.create");
        clock.now = clock.now.plus(PAUSE);
        assertThatThrownBy(() -> inBackground("refunds.create")).isInstanceOf(StripeAway.class);
        clock.now = clock.now.plus(PAUSE);
        assertThatThrownBy(() -> inBackground("refunds.create")).isInstanceOf(StripeRefused.RateLimited.class);

        refusesInBackground("refunds.create");

        assertThat(stripe.asked()).hasSize(3);
    }

    @Test
    void alwaysAsksForWhoeverWaits() {
        stripe.refuses(401, EXPIRED).answers(200, "{}");
        refusesInBackground("refunds.create");

        call("refunds.create");

        stripe.answers(200, "{}");
        inBackground("refunds.create");
        assertThat(stripe.asked()).hasSize(3);
    }

    @Test
    void stopsOnlyWhatTheKeyHasNoRightTo() {
        stripe.refuses(403, LACKING).answers(200, "{}");
        refusesInBackground("refunds.create");

        refusesInBackground("refunds.create");
        inBackground("balance.retrieve");

        assertThat(stripe.asked()).hasSize(2);
        assertThat(gauge("coachpay.stripe.key.refused")).isZero();
        assertThat(gauge("coachpay.stripe.key.rights.missing")).isEqualTo(1);
        assertThat(key.rightsMissing()).containsExactly("refunds.create");
    }

    @Test
    void goesOnOnceTheRightIsGiven() {
        stripe.refuses(403, LACKING).answers(200, "{}").answers(200, "{}");
        refusesInBackground("refunds.create");
        clock.now = clock.now.plus(PAUSE);

        inBackground("refunds.create");
        inBackground("refunds.create");

        assertThat(key.rightsMissing()).isEmpty();
    }

    private void refusesInBackground(String operation) {
        assertThatThrownBy(() -> inBackground(operation)).isInstanceOf(StripeAway.KeyRefused.class);
    }

    private void inBackground(String operation) {
        Background.run(() -> call(operation));
    }

    private void call(String operation) {
        calls.get(operation, "/v1/things", new StripeForm(), null);
    }

    private double gauge(String name) {
        return stripe.meters.get(name).gauge().value();
    }
}
