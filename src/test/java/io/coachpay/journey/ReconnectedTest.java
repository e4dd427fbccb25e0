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
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.balance.BalanceImports;
import io.restassured.response.ValidatableResponse;

/** A coach who left comes back. */
@ServiceTest
class ReconnectedTest {

    private static final String ACCOUNT = "/v1/me/connected-account";

    @Inject
    Access access;
    @Inject
    BalanceImports imports;

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
        // Events of one second have no order.
        StripeSandbox.advance(Duration.ofSeconds(2));

        reconnected(true);

        soon().untilAsserted(this::isBack);
    }

    /** Events of one second have no order. */
    @Test
    void goesOnWhenBothAreToldOfTheSameSecond() {
        leaves();

        StripeSandbox.advance(Duration.ofSeconds(2));
        reconnected(true);
        soon().untilAsserted(this::isBack);
        OwnerSql.run("""
                update stripe_connected_accounts set reconnected_at = null, deauthorized_at = (
                       select max(created) from stripe_events where account = ? and type = 'account.updated')
                 where stripe_account_id = ?""", account, account);
        replays("account.updated");

        isBack();
    }

    @Test
    void staysConnectedWhenADisconnectionThatIsOverIsHeardForTheFirstTime() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "account.application.deauthorized"}, "do": "delay", "millis": 3000}]}""");
        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
        reconnected(false);

        soon().untilAsserted(() -> assertThat(statuses("account.application.deauthorized")).containsExactly("processed"));
        isBack();
        isPaid();
    }

    @Test
    void staysConnectedWhateverIsHeardLateOfTheTimeBefore() {
        leaves();
        reconnected(false);
        carol.posts(ACCOUNT + "/onboarding-link").statusCode(200);

        replays("account.application.deauthorized");

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

    @Test
    void beginsNoOtherWhileTheKeyLacksTheRightToReadTheOldOne() {
        leaves();
        StripeSandbox.restrictsKey("/v1/accounts/*");
        try {
            Problem.is(begins(), 503, "stripe-away");
        } finally {
            StripeSandbox.restoresKey();
            StripeSandbox.advance(Duration.ofMinutes(1));
        }

        reconnected(false);
        soon().untilAsserted(() -> begins().statusCode(200).body("stripeAccountId", equalTo(account)));
    }

    @Test
    void beginsNoOtherWhileAPaymentMayStillComeIntoTheOldOne() {
        String session = booked(alice, carol, freeTime(), 60);
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200);
        leaves();

        Problem.is(begins(), 409, "account-deauthorized");

        Books.set("update transactions set status = 'canceled' where session_id = '" + session + "'");
        begins().statusCode(201).body("stripeAccountId", not(equalTo(account)));
    }

    @Test
    void refundsNothingOfTheOldAccountAtThePlatformsCost() {
        UUID before = earnsAndIsPaidOut();
        replaced();
        Marketplace.paid(alice, carol, 75);
        soon().untilAsserted(() -> assertThat(Earnings.accounts(carol, "USD")).isEqualTo("100 0 0 100"));

        Problem.is(carol.posts("/v1/transactions/" + before + "/refunds",
                Map.of("amount", Marketplace.money("125.00", "USD"), "reason", "We finished early")), 422,
                "exceeds-coach-funds").body("possible.amount", equalTo("0.00"));

        assertThat(OwnerSql.rows("select 1 from refunds where transaction_id = ?", before)).isEmpty();
    }

    @Test
    void keepsTheBooksOfTheOldAccountRight() {
        earnsAndIsPaidOut();
        Findings.importNow(account);
        String next = replaced();
        Marketplace.paid(alice, carol, 75);
        soon().untilAsserted(() -> assertThat(Earnings.accounts(carol, "USD")).isEqualTo("100 0 0 100"));
        StripeSandbox.advance(Duration.ofHours(2));
        Findings.importNow(next, "platform");

        soon().untilAsserted(() -> {
            Findings.reconcile();
            assertThat(Findings.open(next)).isEmpty();
            assertThat(Findings.open(account)).isEmpty();
        });

        // A late request for it makes no call to Stripe.
        access.runAsService(() -> imports.request(account));
        assertThat(
                OwnerSql.rows("select 1 from stripe_cursors where listing = 'balance_transactions' and account = ?", account))
                .isEmpty();
    }

    @Test
    void takesOverWhatComesLateOfTheOldAccountAndPaysNoneOfItFromWhatIsHeld() {
        earnsAndIsPaidOut();
        Findings.importNow(account);
        String payout = Earnings.newest(carol).getString("stripePayoutId");
        String next = replaced();
        Marketplace.paid(alice, carol, 75, "pm_card_bypassPending");
        soon().untilAsserted(() -> assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 100 0 100"));

        StripeSandbox.control("/sandbox/payouts/" + payout + "/fail", Map.of()).statusCode(200);

        soon().untilAsserted(() -> assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 200 0 0"));
        Problem.is(carol.posts("/v1/me/payouts", Map.of("method", "standard")), 409, "payout-blocked");
        assertThat(Earnings.payouts(carol)).containsExactly("100 failed standard coach");
        StripeSandbox.advance(Duration.ofHours(2));
        Findings.importNow(next);
        soon().untilAsserted(() -> {
            Findings.reconcile();
            assertThat(Findings.open(next)).isEmpty();
            assertThat(Findings.open(account, "unequal")).containsEntry("cause", "dashboard_action");
        });
    }

    /** A payment of the account's, which is empty again afterwards. */
    private UUID earnsAndIsPaidOut() {
        UUID payment = Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
        String payout = carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201).extract()
                .path("stripePayoutId");
        StripeSandbox.control("/sandbox/payouts/" + payout + "/pay", Map.of()).statusCode(200);
        soon().untilAsserted(() -> assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 0 0 100"));
        return payment;
    }

    /** Replaces the account by another, which can be charged and paid out. */
    private String replaced() {
        leaves();
        String next = begins().statusCode(201).extract().path("stripeAccountId");
        StripeSandbox.completeOnboarding(next);
        soon().untilAsserted(this::isBack);
        return next;
    }

    private void leaves() {
        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
        soon().untilAsserted(() -> carol.gets(ACCOUNT).body("reasons", equalTo(List.of("account_deauthorized"))));
    }

    private void reconnected(boolean told) {
        StripeSandbox.control("/sandbox/accounts/" + account + "/reconnect", Map.of("told", told)).statusCode(200);
    }

    /** Puts the newest event of a type back into the inbox and waits for it. */
    private void replays(String type) {
        soon().untilAsserted(() -> assertThat(statuses(type)).doesNotContain("received").isNotEmpty());
        String event = OwnerSql.rows(
                "select id::text from stripe_events where account = ? and type = ? order by created desc, id desc limit 1",
                account, type).get(0).get("id").toString();
        OwnerSql.run("update stripe_events set status = 'ignored' where id = ?::uuid", event);
        Person.admin().posts("/v1/admin/events/" + event + "/replay").statusCode(202);
        soon().untilAsserted(() -> assertThat(OwnerSql.rows("select status from stripe_events where id = ?::uuid", event))
                .containsExactly(Map.of("status", "processed")));
    }

    private List<Object> statuses(String type) {
        return OwnerSql.rows("select status from stripe_events where account = ? and type = ?", account, type).stream()
                .map(row -> row.get("status")).toList();
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
