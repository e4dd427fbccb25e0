package io.coachpay.journey;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.coachpay.Management;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** Health, metrics and logs of the service, as operators see them. */
@ServiceTest
class ObservationTest {

    @Test
    void countsCallsEventsAndPostings() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");
        String session = Marketplace.booked(alice, carol, Marketplace.freeTime(), 60);
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        Marketplace.isSoon(alice, session, "confirmed", "paid");

        String metrics = Management.get("/q/metrics").then().statusCode(200).extract().asString();

        assertThat(metrics).containsPattern("coachpay_stripe_calls_seconds_count\\{operation=\"[^\"]+\",outcome=\"ok\"")
                .containsPattern("coachpay_inbox_events_total\\{.*outcome=\"processed\".*type=\"payment_intent.succeeded\"")
                .containsPattern("coachpay_inbox_events_total\\{.*outcome=\"accepted\"")
                .contains("coachpay_inbox_lag_seconds_count", "coachpay_inbox_oldest_seconds", "coachpay_inbox_dead")
                .containsPattern("coachpay_ledger_postings_total\\{kind=\"session_paid\"")
                .containsPattern("coachpay_reconciliation_drift\\{currency=\"USD\"")
                .containsPattern("coachpay_reconciliation_findings\\{cause=\"unknown\"")
                .contains("coachpay_jobs_seconds_count", "http_server_requests_seconds_count")
                // Paths with ids would make a series each.
                .doesNotContain(session);
    }

    /** Metrics of the business are for operators: no public address leads to them. */
    @Test
    void tellsTheInternetNothingOfItself() {
        for (String path : List.of("/q/metrics", "/q/health", "/q/health/live", "/q/health/ready", "/q/health/started")) {
            given().get(path).then().statusCode(404);
        }
        given().get("/q/openapi").then().statusCode(200);
        assertThat(Management.get("/v1/config").statusCode()).isEqualTo(404);
    }

    @Test
    void isAlive() {
        Management.get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void isReadyWithItsDatabaseItsMigrationsAndStripe() {
        Management.get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"))
                .body("checks.status", everyItem(equalTo("UP")))
                .body("checks.name", hasItems("Database connections health check", "Database migrations", "Stripe"))
                .body("checks.find { it.name == 'Database migrations' }.data.missing", equalTo("0"));
    }

    @Test
    void staysReadyWhileStripeIsAway() {
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"path\": \"/v1/balance\"}, \"do\": \"500_before\"}]}");

        Management.get("/q/health/ready").then().statusCode(200).body("checks.name", hasItem("Stripe"));
        StripeSandbox.noFaults();
    }
}
