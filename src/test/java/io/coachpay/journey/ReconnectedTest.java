package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** A coach who left comes back. */
@ServiceTest
class ReconnectedTest {

    private static final String ACCOUNT = "/v1/me/connected-account";

    private Person alice;
    private Person carol;
    private String account;

    @BeforeEach
    void meet() {
        alice = Person.called("alice");
        carol = Marketplace.coach("carol", "100.00", "USD");
        account = Earnings.account(carol);
    }

    @Test
    void goesOnWhenTheCoachAsksForALink() {
        leaves();
        Problem.is(carol.posts(ACCOUNT + "/onboarding-link"), 409, "account-deauthorized");
        reconnected(false);

        carol.posts(ACCOUNT + "/onboarding-link").statusCode(200);

        isBack();
        isPaid();
    }

    @Test
    void goesOnWithTheSameAccountWhenTheCoachAsksForOne() {
        leaves();
        reconnected(false);

        begins().statusCode(200).body("stripeAccountId", equalTo(account)).body("canCharge", equalTo(true));
    }

    @Test
    void goesOnWhenStripeTellsOfTheAccountAgain() {
        leaves();
        // Within a second events tell no order.
        StripeSandbox.advance(Duration.ofSeconds(2));

        reconnected(true);

        soon().untilAsserted(this::isBack);
    }

    @Test
    void staysConnectedWhateverIsHeardLateOfTheTimeBefore() {
        leaves();
        reconnected(false);
        carol.posts(ACCOUNT + "/onboarding-link").statusCode(200);
        OwnerSql.run("""
                update stripe_events set status = 'ignored' where account = ? and type = 'account.application.deauthorized'""",
                account);

        String event = OwnerSql.rows(
                "select id::text from stripe_events where account = ? and type = 'account.application.deauthorized'", account)
                .get(0).get("id").toString();
        Person.admin().posts("/v1/admin/events/" + event + "/replay").statusCode(202);

        soon().untilAsserted(() -> assertThat(OwnerSql.rows("select status from stripe_events where id = ?::uuid", event))
                .containsExactly(Map.of("status", "processed")));
        isBack();
    }

    @Test
    void beginsAnotherAccountWhenTheOldOneIsEmptyAndStaysDisconnected() {
        leaves();

        String next = begins().statusCode(201).body("stripeAccountId", not(equalTo(account))).extract()
                .path("stripeAccountId");

        assertThat(OwnerSql.rows("select array_to_string(replaced_accounts, ',') as old from stripe_connected_accounts"
                + " where user_id = ?::uuid", carol.id())).containsExactly(Map.of("old", account));
        StripeSandbox.completeOnboarding(next);
        soon().untilAsserted(this::isBack);
        isPaid();
    }

    @Test
    void hearsNothingOfTheAccountThatWasReplaced() {
        leaves();
        String next = begins().statusCode(201).extract().path("stripeAccountId");

        reconnected(true);

        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                """
                        select status from stripe_events where account = ? and type = 'account.updated' order by created desc limit 1""",
                account)).containsExactly(Map.of("status", "processed")));
        carol.gets(ACCOUNT).body("stripeAccountId", equalTo(next)).body("canCharge", equalTo(false));
    }

    @Test
    void beginsNoOtherWhileThereIsMoneyInTheOldOne() {
        Marketplace.paid(alice, carol, 60);
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].pending.amount", equalTo("80.00")));
        leaves();

        Problem.is(begins(), 409, "account-deauthorized");

        carol.gets(ACCOUNT).body("stripeAccountId", equalTo(account));
    }

    private void leaves() {
        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
        soon().untilAsserted(() -> carol.gets(ACCOUNT).body("reasons", equalTo(List.of("account_deauthorized"))));
    }

    private void reconnected(boolean told) {
        StripeSandbox.control("/sandbox/accounts/" + account + "/reconnect", Map.of("told", told)).statusCode(200);
    }

    private ValidatableResponse begins() {
        return carol.posts(ACCOUNT, Map.of("country", "US", "businessType", "individual"));
    }

    private void isBack() {
        carol.gets(ACCOUNT).statusCode(200).body("canCharge", equalTo(true)).body("canBePaidOut", equalTo(true));
        alice.gets("/v1/coaches/" + carol.id()).body("bookable", equalTo(true));
    }

    private void isPaid() {
        String session = booked(alice, carol, freeTime(), 60);
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200);
    }
}
