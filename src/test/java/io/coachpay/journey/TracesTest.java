package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/** Traces lead from a request to its calls to Stripe, and from an event to its bookings. */
@ServiceTest
@TestProfile(TracesTest.Traced.class)
class TracesTest {

    /** The service as it runs where somebody collects its traces. */
    public static class Traced implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.otel.sdk.disabled", "false");
        }
    }

    @Inject
    Spans spans;

    @Test
    void leadsFromRequestsToStripeAndFromEventsToTheLedger() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");
        String session = Marketplace.booked(alice, carol, Marketplace.freeTime(), 60);
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        Marketplace.isSoon(alice, session, "confirmed", "paid");

        Marketplace.soon().untilAsserted(() -> {
            SpanData request = spans.ended("POST /v1/sessions/{id}/payment");
            assertThat(spans.under(request)).extracting(SpanData::getName).anyMatch(name -> name.startsWith("stripe "));
            SpanData event = spans.ended("event payment_intent.succeeded");
            assertThat(spans.under(spans.bunchOf(event))).extracting(SpanData::getName).contains("Ledger.post");
        });
        assertThat(spans.texts()).noneMatch(text -> List.of(secret, alice.token(), "sk_test_sandbox").stream()
                .anyMatch(text::contains));
    }
}
