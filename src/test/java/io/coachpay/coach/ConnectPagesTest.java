package io.coachpay.coach;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import java.net.URI;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;

@ServiceTest
class ConnectPagesTest {

    @Inject
    Access access;
    @Inject
    OnboardingState states;

    @AfterEach
    void mend() {
        StripeSandbox.noFaults();
    }

    @Test
    void readsTheAccountAgainWhenItsCoachComesBack() {
        Person carol = coach();
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"kind\": \"connect\"}, \"do\": \"drop\"}]}");
        StripeSandbox.completeOnboarding(account(carol));
        carol.gets("/v1/me/connected-account").body("canCharge", equalTo(false));

        given().queryParam("state", state(carol)).get("/connect/return").then().statusCode(200)
                .contentType("text/html").header("Cache-Control", containsString("no-store"))
                .header("Content-Security-Policy", containsString("default-src 'self'"))
                .body(containsString("Thank you")).body(not(containsString("acct_")));

        carol.gets("/v1/me/connected-account").body("canCharge", equalTo(true));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "nonsense", "AAAA" })
    void thanksEvenWhomeverItDoesNotKnow(String state) {
        given().queryParam("state", state).get("/connect/return").then().statusCode(200).body(containsString("Thank you"));
        given().get("/connect/return").then().statusCode(200);
    }

    @Test
    void thanksEvenWhileStripeIsAway() {
        Person carol = coach();
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"path\": \"/v1/accounts/*\"}, \"do\": \"refuse\"}]}");

        given().queryParam("state", state(carol)).get("/connect/return").then().statusCode(200)
                .body(containsString("Thank you"));
    }

    @Test
    void sendsTheOwnerOnWithAnotherLink() {
        Person carol = coach();

        String link = given().redirects().follow(false).queryParam("state", state(carol)).get("/connect/refresh").then()
                .statusCode(303).header("Cache-Control", containsString("no-store")).extract().header("Location");

        assertThat(URI.create(link).getPath()).contains(account(carol));
    }

    @Test
    void sendsNobodyElseOn() {
        Person carol = coach();
        Person bob = Person.called("bob");
        bob.id();

        given().auth().oauth2(bob.token()).redirects().follow(false).queryParam("state", state(carol))
                .get("/connect/refresh").then().statusCode(410).body(containsString("expired"));
        given().redirects().follow(false).queryParam("state", states.of(Ids.next())).get("/connect/refresh").then()
                .statusCode(410);
        given().redirects().follow(false).get("/connect/refresh").then().statusCode(410);
    }

    @Test
    void asksForPatienceWhileStripeIsAway() {
        Person carol = coach();
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"path\": \"/v1/account_links\"}, \"do\": \"refuse\"}]}");

        given().redirects().follow(false).queryParam("state", state(carol)).get("/connect/refresh").then().statusCode(503)
                .body(containsString("does not answer"));
    }

    @Test
    void asksNobodyElseForItsLooks() {
        given().get("/connect/return").then().body(not(containsString("http://"))).body(not(containsString("https://")))
                .body(not(containsString("<script"))).body(not(containsString("style=")));
        given().get("/assets/pages.css").then().statusCode(200);
    }

    private static Person coach() {
        Person coach = Onboarded.profile("USD");
        Onboarded.begun(coach);
        return coach;
    }

    private static String account(Person coach) {
        return coach.gets("/v1/me/connected-account").extract().path("stripeAccountId");
    }

    private String state(Person coach) {
        UUID user = UUID.fromString(coach.id());
        return states.of(access.asService(() -> ConnectedAccount.ofUser(user)).id());
    }
}
