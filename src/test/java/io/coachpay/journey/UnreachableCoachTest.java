package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import java.time.Duration;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.response.ValidatableResponse;

/** Coaches whom no payment can reach are not listed, whatever Stripe says of their accounts. */
@ServiceTest
class UnreachableCoachTest {

    private static final String FEES = """
            {"requests": [{"match": {"method": "POST", "path": "%s"}, "do": "error", "status": 400,
              "type": "invalid_request_error", "code": "charge_invalid_parameter",
              "message": "Stripe doesn't currently support application fees for platforms in US with connected accounts in US."}]}""";

    @Inject
    Jobs jobs;

    private Person alice;

    @BeforeEach
    void meet() {
        alice = Person.called("alice");
    }

    @AfterEach
    void mend() {
        StripeSandbox.noFaults();
    }

    @ParameterizedTest
    @ValueSource(strings = { "MX", "BR", "JP", "KW" })
    void opensNoAccountWhereNoPaymentReaches(String country) {
        Person carol = Person.called("carol");
        carol.puts("/v1/me/coach-profile", Map.of("hourlyRate", Marketplace.money("100.00", "USD"))).statusCode(200);

        Problem.is(carol.posts("/v1/me/connected-account", Map.of("country", country, "businessType", "individual")), 422,
                "account-not-available");
    }

    /** As old accounts are, from before the country was checked. */
    @Test
    void offersNobodyOfACountryThatNoPaymentReaches() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");

        Marketplace.soon().untilAsserted(() -> {
            // Events about a new account may still be coming in, and say where it is.
            OwnerSql.run("update stripe_connected_accounts set country = 'MX' where user_id = ?::uuid", carol.id());
            jobs.runNow("account-check");
            isNotOffered(carol, "country_out_of_reach");
            assertThat(finding(carol)).containsEntry("details", "out of reach: MX");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "payment_intent, /v1/payment_intents", "checkout, /v1/checkout/sessions" })
    void takesACoachOffTheListWhenStripeRefusesThePayments(String how) {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String session = booked(alice, carol, freeTime(), 60);
        StripeSandbox.faults(FEES.formatted(how.split(", ")[1]));

        Problem.is(pays(session, how.split(", ")[0]), 409, "coach-cannot-charge");

        isNotOffered(carol, "charges_refused");
        assertThat(finding(carol).get("details").toString()).contains("application fees");
        carol.gets("/v1/me/connected-account").body("canBePaidOut", equalTo(true));
    }

    @Test
    void givesACoachAnotherChanceLater() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String session = booked(alice, carol, freeTime(), 60);
        StripeSandbox.faults(FEES.formatted("/v1/payment_intents"));
        pays(session, "payment_intent").statusCode(409);
        StripeSandbox.noFaults();
        jobs.runNow("account-check");
        isNotOffered(carol, "charges_refused");

        StripeSandbox.advance(Duration.ofMinutes(61));
        jobs.runNow("account-check");

        Person.called("bob").gets("/v1/coaches/" + carol.id()).body("bookable", equalTo(true));
        pays(booked(alice, carol, freeTime(), 60), "payment_intent").statusCode(200);
    }

    private ValidatableResponse pays(String session, String method) {
        return alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", method));
    }

    private static void isNotOffered(Person coach, String reason) {
        Person bob = Person.called("bob");
        bob.gets("/v1/coaches/" + coach.id()).statusCode(200).body("bookable", equalTo(false));
        Problem.is(bob.posts("/v1/sessions", Map.of("coachId", coach.id(), "startsAt", freeTime().toString(),
                "durationMinutes", 60)), 409, "coach-cannot-charge");
        coach.gets("/v1/me/connected-account").body("canCharge", equalTo(false)).body("reasons", hasItem(reason));
    }

    private static Map<String, Object> finding(Person coach) {
        Findings.reconcile();
        return Findings.open(Earnings.account(coach), "unreachable_coach");
    }
}
