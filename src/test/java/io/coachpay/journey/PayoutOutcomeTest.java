package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** The result of a payout is known here, whether Stripe reports it by webhook, late, in another order, or only when asked. */
@ServiceTest
class PayoutOutcomeTest {

    private static final String NO_WEBHOOKS = """
            {"webhooks": [{"match": {"kind": "connect", "type": "payout.*"}, "do": "drop"}]}""";

    @Inject
    Jobs jobs;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void givesTheMoneyBackWhenTheBankReturnsItDaysLater() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String payout = paidOut(carol);
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.becomesSoon(carol, "100 paid standard coach");
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 0 0 100");

        StripeSandbox.advance(Duration.ofDays(3));
        StripeSandbox.control("/sandbox/payouts/" + payout + "/fail", Map.of("code", "no_account")).statusCode(200);

        Earnings.becomesSoon(carol, "100 failed standard coach");
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 100 0 0");
        assertThat(Earnings.items(carol)).isEmpty();
        assertThat(Earnings.newest(carol).getString("failureCode")).isEqualTo("no_account");
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].lastFailure.failureCode", equalTo("no_account"))
                .body("[0].nextPayout.blockedBy", equalTo("no_bank_account_for_currency")));
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(409)
                .body("reasons", equalTo(List.of("no_bank_account_for_currency")));
        Books.closeFor(carol);
        Findings.importNow("platform");
        Earnings.correctsBank(carol);
        assertThat(paidOut(carol)).isNotEqualTo(payout);
        assertThat(Earnings.items(carol)).containsExactly("100");
        Books.closeFor(carol);
    }

    @Test
    void waitsADayAndForTheBankBeforeARunPaysAgain() {
        Person carol = Earnings.coachWith100("instant", "50.00");
        Earnings.bank(carol, Map.of("failure", "account_closed"));
        jobs.runNow("payout-run");
        Earnings.becomesSoon(carol, "100 pending standard run");

        StripeSandbox.advance(Duration.ofDays(2).plusMinutes(1));
        String failed = "100 failed standard run";
        Earnings.becomesSoon(carol, failed);
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).containsExactly(failed);
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 100 0 0");
        // A run that finds the bank gone in the middle of its decision comes back only after a pause.
        Earnings.bankIsGone(carol);
        StripeSandbox.advance(Duration.ofDays(1).plusMinutes(1));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].nextPayout.blockedBy",
                equalTo("no_bank_account_for_currency")));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).containsExactly(failed);

        Earnings.correctsBank(carol);
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, failed, "100 pending standard run");
        Books.closeFor(carol);
    }

    @Test
    void learnsOfItsPayoutsWhenNoWebhookComesForAWeek() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        StripeSandbox.faults(NO_WEBHOOKS);
        paidOut(carol);
        StripeSandbox.advance(Duration.ofDays(7));
        jobs.runNow("payout-check");
        Earnings.becomesSoon(carol, "100 paid standard coach");
        Books.closeFor(carol);

        String payout = Earnings.newest(carol).getString("stripePayoutId");
        StripeSandbox.control("/sandbox/payouts/" + payout + "/fail", Map.of()).statusCode(200);
        StripeSandbox.advance(Duration.ofHours(2));
        jobs.runNow("payout-sync");

        Earnings.becomesSoon(carol, "100 failed standard coach");
        Books.closeFor(carol);
    }

    @Test
    void adoptsWhatWasPaidOutInStripesDashboard() {
        Person carol = Earnings.coachWith100("weekly", "50.00");

        String payout = inDashboard(carol, "6000");
        Earnings.becomesSoon(carol, "60 pending standard dashboard");
        StripeSandbox.control("/sandbox/payouts/" + payout + "/pay", Map.of()).statusCode(200);

        Earnings.becomesSoon(carol, "60 paid standard dashboard");
        assertThat(Earnings.items(carol)).containsExactly("60");
        Books.closeFor(carol);
        assertThat(paidOut(carol)).isNotEqualTo(payout);
        assertThat(Earnings.items(carol)).containsExactly("60", "40");
    }

    @Test
    void adoptsWhatNoWebhookToldOf() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        StripeSandbox.faults(NO_WEBHOOKS);
        inDashboard(carol, "6000");

        StripeSandbox.advance(Duration.ofHours(2));
        jobs.runNow("payout-sync");

        Earnings.becomesSoon(carol, "60 pending standard dashboard");
        Books.closeFor(carol);
    }

    @Test
    void knowsAPayoutWhoseBeginningItMissed() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"kind": "connect", "type": "payout.created"}, "do": "drop"},
                              {"match": {"kind": "connect", "type": "payout.updated"}, "do": "drop"}]}""");

        String payout = inDashboard(carol, "6000");
        StripeSandbox.control("/sandbox/payouts/" + payout + "/pay", Map.of()).statusCode(200);

        Earnings.becomesSoon(carol, "60 paid standard dashboard");
        Books.closeFor(carol);
    }

    @Test
    void booksNothingMoreWhenPaidIsToldAfterFailed() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"kind": "connect", "type": "payout.paid"}, "do": "delay", "millis": 1500},
                              {"match": {"kind": "connect", "type": "payout.updated"}, "do": "drop"}]}""");
        String payout = paidOut(carol);
        StripeSandbox.control("/sandbox/payouts/" + payout + "/pay", Map.of()).statusCode(200);
        StripeSandbox.control("/sandbox/payouts/" + payout + "/fail", Map.of()).statusCode(200);
        Earnings.becomesSoon(carol, "100 failed standard coach");

        soon().untilAsserted(() -> assertThat(Books.texts("""
                select status from stripe_events where type = 'payout.paid' and payload like '%%%s%%'""".formatted(payout)))
                .containsExactly("processed"));

        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 100 0 0");
        assertThat(Earnings.payouts(carol)).containsExactly("100 failed standard coach");
        Books.closeFor(carol);
    }

    @Test
    void makesOnePayoutWhenTheAnswerIsLost() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payouts"}, "do": "lost_answer", "times": 1},
                              {"match": {"path": "/v1/payouts*"}, "do": "refuse", "times": 60},
                              {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}],
                 "webhooks": [{"match": {"kind": "connect", "type": "payout.*"}, "do": "drop"}]}""");
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(202).body("status", equalTo("requested"));
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(409)
                .body("reasons[0]", equalTo("payout_in_progress"));
        StripeSandbox.noFaults();

        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payout-check");

        Earnings.becomesSoon(carol, "100 pending standard coach");
        assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
        Books.closeFor(carol);
    }

    @Test
    void findsThePayoutBehindAnAnswerThatWasAnError() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payouts"}, "do": "500_after", "times": 60}]}""");

        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201).body("status", equalTo("pending"));

        assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
        Books.closeFor(carol);
    }

    @Test
    void takesBackWhatHasNotLeft() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        paidOut(carol);
        String id = Earnings.newest(carol).getString("id");

        carol.posts("/v1/me/payouts/" + id + "/cancel").statusCode(200).body("status", equalTo("canceled"));

        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 100 0 0");
        assertThat(Earnings.items(carol)).isEmpty();
        carol.posts("/v1/me/payouts/" + id + "/cancel").statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:payout-not-pending")).body("payoutStatus", equalTo("canceled"));
        Books.closeFor(carol);
    }

    @Test
    void believesStripeThatItIsTooLateToTakeItBack() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        StripeSandbox.faults(NO_WEBHOOKS);
        String payout = paidOut(carol);
        String id = Earnings.newest(carol).getString("id");
        StripeSandbox.control("/sandbox/payouts/" + payout + "/pay", Map.of()).statusCode(200);

        carol.posts("/v1/me/payouts/" + id + "/cancel").statusCode(409).body("payoutStatus", equalTo("paid"));

        Earnings.becomesSoon(carol, "100 paid standard coach");
        Books.closeFor(carol);
    }

    @Test
    void showsWhatWasOnItsWayFromAnAccountThatWasDisconnected() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String account = Earnings.account(carol);
        String payout = paidOut(carol);
        String id = Earnings.newest(carol).getString("id");
        StripeSandbox.faults(NO_WEBHOOKS);
        disconnect(carol, account);
        StripeSandbox.advance(Duration.ofDays(3));
        jobs.runNow("payout-check");
        jobs.runNow("payout-sync");

        assertThat(Earnings.payouts(carol)).as("nobody says what became of it").containsExactly("100 pending standard coach");
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 0 100 0");
        Person.admin().gets("/v1/admin/payouts?status=pending&limit=100").statusCode(200).body("data.id", hasItem(id));
        Findings.reconcile();
        assertThat(Findings.amount(Findings.open(account, "deauthorized"))).isEqualTo("100.00 USD");
        carol.posts("/v1/me/payouts/" + id + "/cancel").statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:payout-blocked"))
                .body("reasons", equalTo(List.of("account_deauthorized")));

        StripeSandbox.noFaults();
        StripeSandbox.control("/sandbox/payouts/" + payout + "/fail", Map.of()).statusCode(200);
        Earnings.becomesSoon(carol, "100 failed standard coach");
        assertThat(Earnings.accounts(carol, "USD")).as("news that come are believed").isEqualTo("0 100 0 0");
        Books.closeFor(carol, "deauthorized");
    }

    @Test
    void givesUpAskingForAPayoutOfAnAccountThatWasDisconnected() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String account = Earnings.account(carol);
        StripeSandbox.faults("""
                {"requests": [{"match": {"path": "/v1/payouts*"}, "do": "refuse", "times": 60}]}""");
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(202).body("status", equalTo("requested"));
        StripeSandbox.noFaults();
        disconnect(carol, account);

        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payout-check");

        Earnings.becomesSoon(carol, "100 refused standard coach");
        assertThat(Earnings.items(carol)).isEmpty();
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 100 0 0");
        carol.gets("/v1/me/balance").body("[0].lastFailure.failureCode", equalTo("account_invalid"))
                .body("[0].nextPayout.blockedBy", equalTo("account_deauthorized"));
        Findings.reconcile();
        assertThat(Findings.amount(Findings.open(account, "deauthorized"))).isEqualTo("100.00 USD");
        assertThat(Findings.amount(Findings.open(account, "refused_payout"))).isEqualTo("100.00 USD");
        Books.closeFor(carol, "deauthorized", "refused_payout");
    }

    @Test
    void knowsAPayoutThatWasMadeThoughItsAccountWasDisconnectedBeforeAnybodySaidSo() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String account = Earnings.account(carol);
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payouts"}, "do": "lost_answer", "times": 1},
                              {"match": {"path": "/v1/payouts*"}, "do": "refuse", "times": 60},
                              {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}],
                 "webhooks": [{"match": {"kind": "connect", "type": "payout.*"}, "do": "drop"}]}""");
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(202);
        disconnect(carol, account);
        StripeSandbox.faults(NO_WEBHOOKS);
        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payout-check");
        Earnings.becomesSoon(carol, "100 refused standard coach");

        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofDays(3));

        Earnings.becomesSoon(carol, "100 refused standard coach", "100 paid standard dashboard");
        assertThat(Earnings.items(carol)).containsExactly("100");
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 0 0 100");
        // Nobody can list the lines of that account any more, so its later movements are found as such.
        Books.closeFor(carol, "available", "untold");
    }

    private static void disconnect(Person coach, String account) {
        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
        soon().untilAsserted(() -> coach.gets("/v1/me/connected-account").body("reasons", hasItem("account_deauthorized")));
        // Whether its payout was imported just before is chance.
        OwnerSql.run("delete from stripe_balance_transactions where account = ? and type = 'payout'", account);
    }

    /** Pays everything out on request; Stripe's id of the payout. */
    private static String paidOut(Person coach) {
        return coach.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201).extract().path("stripePayoutId");
    }

    private static String inDashboard(Person coach, String cents) {
        return StripeSandbox.request().header("Stripe-Account", Earnings.account(coach)).formParam("amount", cents)
                .formParam("currency", "usd").post("/v1/payouts").then().statusCode(200).extract().path("id");
    }
}
