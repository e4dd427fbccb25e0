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
import io.coachpay.http.RateLimits;
import io.github.bucket4j.distributed.proxy.ProxyManager;

@ServiceTest
class ConnectPagesTest {

    @Inject
    Access access;
    @Inject
    OnboardingState states;
    @Inject
    RateLimits limits;
    @Inject
    ProxyManager<String> buckets;

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

    /** Browser histories and logs hold the page's address: it must not be worth anything. */
    @Test
    void saysWhereToGetAnotherLinkAndMakesNoneForWhoeverHoldsTheAddress() {
        Person carol = coach();
        String link = carol.posts("/v1/me/connected-account/onboarding-link").statusCode(200).extract().path("url");
        given().get(link).then().statusCode(200);

        String refresh = given().redirects().follow(false).get(link).then().extract().header("Location");

        assertThat(URI.create(refresh)).hasPath("/connect/refresh").hasNoQuery();
        given().redirects().follow(false).queryParam("state", state(carol)).get("/connect/refresh").then().statusCode(410)
                .header("Cache-Control", containsString("no-store")).body(containsString("expired"))
                .body(not(containsString("acct_")));
        given().auth().oauth2(carol.token()).redirects().follow(false).get("/connect/refresh").then().statusCode(410);
        carol.posts("/v1/me/connected-account/onboarding-link").statusCode(200);
    }

    /** The holder of a state can have Stripe asked, as often as the coach and no more. */
    @Test
    void asksStripeNoOftenerThanItsCoachMay() {
        Person carol = coach();
        String state = state(carol);
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"kind\": \"connect\"}, \"do\": \"drop\"}]}");
        spendAll(UUID.fromString(carol.id()));
        StripeSandbox.completeOnboarding(account(carol));

        given().queryParam("state", state).get("/connect/return").then().statusCode(200);

        carol.gets("/v1/me/connected-account").body("canCharge", equalTo(false));
    }

    @Test
    void asksNobodyElseForItsLooks() {
        given().get("/connect/return").then().body(not(containsString("http://"))).body(not(containsString("https://")))
                .body(not(containsString("<script"))).body(not(containsString("style=")));
        given().get("/assets/pages.css").then().statusCode(200);
    }

    private void spendAll(UUID person) {
        assertThat(limits.mayAskStripe(person)).isTrue();
        buckets.builder().build("page:" + person, () -> {
            throw new IllegalStateException("It was created just now");
        }).consumeIgnoringRateLimits(600);
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
