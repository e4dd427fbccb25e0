package io.coachpay.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Ids;
import io.coachpay.job.Jobs;

/** Money that does not get where it should is found, with the reason, until it does. */
@ServiceTest
class StuckMoneyTest {

    @Inject
    Jobs jobs;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void findsAPayoutOfWhichNothingIsHeardLongAfterItShouldHaveArrived() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String account = Earnings.account(carol);
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"kind": "connect", "type": "payout.*"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/payouts*"}, "do": "500_before"},
                              {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""");
        String payout = paidOut(carol);
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();

        StripeSandbox.advance(Duration.ofDays(7));
        Findings.reconcile();

        Map<String, Object> overdue = Findings.open(account, "overdue_payout");
        assertThat(overdue).containsEntry("cause", "unknown").containsEntry("stripeId", payout)
                .containsEntry("details", "pending");
        assertThat(Findings.amount(overdue)).isEqualTo("100.00 USD");
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofHours(7));
        jobs.runNow("payout-check");
        Earnings.becomesSoon(carol, "100 paid standard coach");
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void findsAPayoutFromAnAccountThatWasDisconnected() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String account = Earnings.account(carol);
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"payout.*\"}, \"do\": \"drop\"}]}");
        paidOut(carol);
        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
        Marketplace.soon().untilAsserted(() -> carol.gets("/v1/me/balance")
                .body("[0].nextPayout.blockedBy", equalTo("account_deauthorized")));

        StripeSandbox.advance(Duration.ofDays(7));
        Findings.reconcile();

        assertThat(Findings.open(account, "overdue_payout")).containsEntry("cause", "dashboard_action");
        assertThat(Findings.amount(Findings.open(account, "deauthorized"))).isEqualTo("100.00 USD");
    }

    @Test
    void findsAPayoutThatCannotEvenBeAskedFor() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String account = Earnings.account(carol);
        StripeSandbox.faults("""
                {"requests": [{"match": {"path": "/v1/payouts*"}, "do": "500_before"}]}""");
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(202);

        StripeSandbox.advance(Duration.ofDays(2));
        Findings.reconcile();

        assertThat(Findings.open(account, "overdue_payout")).containsEntry("details", "requested");
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payout-check");
        Earnings.becomesSoon(carol, "100 pending standard coach");
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void findsAPayoutThatStripeRefusedUntilAnotherIsMade() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String account = Earnings.account(carol);
        StripeSandbox.refuses("/v1/payouts", "not_today");
        carol.posts("/v1/me/payouts", Map.of("method", "standard"));
        Earnings.becomesSoon(carol, "100 refused standard coach");

        Findings.reconcile();

        Map<String, Object> refused = Findings.open(account, "refused_payout");
        assertThat(refused).containsEntry("cause", "refused");
        assertThat(Findings.amount(refused)).isEqualTo("100.00 USD");
        StripeSandbox.noFaults();
        paidOut(carol);
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void findsARefundThatStripeRefusedUntilAnotherIsMade() {
        Sale sale = Sale.usual();
        StripeSandbox.refuses("/v1/refunds", "not_today");
        sale.refund("25.00").statusCode(201).body("status", equalTo("refused"));
        StripeSandbox.noFaults();

        Findings.reconcile();

        assertThat(Findings.open("platform")).filteredOn(finding -> "refused_refund".equals(finding.get("kind")))
                .filteredOn(finding -> sale.payment.toString().equals(finding.get("transactionId"))).singleElement()
                .satisfies(finding -> {
                    assertThat(finding).containsEntry("cause", "refused");
                    assertThat(Findings.amount(finding)).isEqualTo("25.00 USD");
                });
        sale.refunded("25.00");
        sale.isSettledSoon();
        Findings.reconcile();
        assertThat(Findings.open("platform"))
                .noneMatch(finding -> sale.payment.toString().equals(finding.get("transactionId")));
    }

    @Test
    void findsARefundThatStripeRefusedThoughNothingIsDue() {
        Sale sale = Sale.usual();
        Books.set(
                "update sessions set free_cancellation_hours = 100000 where id = (select session_id from transactions where id = '"
                        + sale.payment + "')");
        String session = Books.texts("select session_id from transactions where id = '" + sale.payment + "'").get(0);
        sale.alice.posts("/v1/sessions/" + session + "/cancel").statusCode(200).body("refund", nullValue());
        StripeSandbox.refuses("/v1/refunds", "not_today");
        sale.refund("50.00").statusCode(201).body("status", equalTo("refused"));
        StripeSandbox.noFaults();

        Findings.reconcile();

        assertThat(Findings.open("platform")).filteredOn(finding -> "refused_refund".equals(finding.get("kind")))
                .filteredOn(finding -> sale.payment.toString().equals(finding.get("transactionId"))).singleElement()
                .satisfies(finding -> assertThat(Findings.amount(finding)).isEqualTo("50.00 USD"));
        sale.refunded("50.00");
        sale.isSettledSoon();
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).isEmpty();
    }

    @Test
    void findsAPayoutThatStripeRefusedWhileALaterOneCoversAPartOfIt() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        String account = Earnings.account(carol);
        StripeSandbox.refuses("/v1/payouts", "not_today");
        carol.posts("/v1/me/payouts", Map.of("method", "standard"));
        Earnings.becomesSoon(carol, "100 refused standard coach");
        StripeSandbox.noFaults();
        carol.posts("/v1/me/payouts", Map.of("method", "standard", "amount", Marketplace.money("60.00", "USD")))
                .statusCode(201);

        Findings.reconcile();

        Findings.open(account, "refused_payout");
        paidOut(carol);
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void findsAStepThatStripeRefusedUntilLaterOnesCoverIt() {
        Sale sale = Sale.usual();
        String dispute = sale.disputed(12500);
        sale.isSettledSoon();
        refusedStep(dispute, "30.00", "refused");
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).contains("refused_step");

        refusedStep(dispute, "20.00", "created");
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).as("10.00 are missing").contains("refused_step");

        refusedStep(dispute, "10.00", "created");
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).doesNotContain("refused_step");
    }

    /** A transfer request of a dispute's recovery, in any state at Stripe. */
    private static void refusedStep(String dispute, String amount, String status) {
        OwnerSql.run(
                """
                        insert into transfer_steps (id, kind, purpose, transaction_id, dispute_id, transfer_id, amount, currency, status)
                        select ?, 'reversal', 'dispute_recovery', d.transaction_id, d.id, t.id, ?::numeric, 'USD', ?
                          from disputes d join transfers t on t.transaction_id = d.transaction_id where d.stripe_dispute_id = ?""",
                Ids.next(), amount, status, dispute);
    }

    @Test
    void findsAnAccountWhoseBooksStripeDoesNotShow() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String account = Earnings.account(carol);
        Findings.importNow(account);
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "GET", "path": "/v1/balance_transactions*"}, "do": "error", "status": 400,
                               "type": "invalid_request_error", "code": "not_today", "message": "No."}]}""");
        OwnerSql.run("update stripe_cursors set requested_at = now() where listing = 'balance_transactions' and account = ?",
                account);
        Marketplace.soon().until(() -> {
            jobs.runNow("balance-import");
            return !OwnerSql.rows(
                    "select 1 from stripe_cursors where listing = 'balance_transactions' and account = ? and failure is not null",
                    account).isEmpty();
        });

        Findings.reconcile();

        assertThat(Findings.open(account, "import_failed")).containsEntry("cause", "unknown");
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(1));
        Findings.importNow(account);
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
    }

    /** Pays everything out on request; Stripe's id of the payout. */
    private static String paidOut(Person coach) {
        return coach.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201).extract().path("stripePayoutId");
    }
}
