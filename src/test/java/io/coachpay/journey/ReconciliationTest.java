package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/**
 * Our books are compared with Stripe's: where they agree nothing is found; where they do not, the finding says what and why.
 */
@ServiceTest
class ReconciliationTest {

    /** No event arrives, and nobody can list events or objects. */
    private static final String DEAF = """
            {"webhooks": [{"match": {}, "do": "drop"}],
             "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"},
                          {"match": {"method": "GET", "path": "/v1/disputes"}, "do": "500_before"}]}""";

    @Inject
    Jobs jobs;

    private Person carol;
    private String account;
    private UUID payment;

    @BeforeEach
    void pay() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        account = Earnings.account(carol);
        payment = Marketplace.paid(Person.called("alice"), carol, 75);
        Findings.importNow(account, "platform");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void findsNothingAfterAWholeStory() {
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.availableSoon(carol, "USD", "100.00");
        refundInDashboard(Map.of("amount", "5000", "reverse_transfer", "true", "refund_application_fee", "true"));
        giveFeeBack("500");
        soon().untilAsserted(() -> {
            Findings.importNow(account, "platform");
            assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 65 0 0");
        });

        Findings.reconcile();

        assertThat(Findings.open(account)).isEmpty();
        assertThat(OwnerSql.rows("select 1 from stripe_balance_transactions where account = ? and journal_id is null", account))
                .isEmpty();
        Books.closeFor(carol);
    }

    @Test
    void namesThePaymentWhoseLineIsNotWhatStripeSaid() {
        OwnerSql.run("update stripe_balance_transactions set amount = amount + 1, net = net + 1 where account = ?", account);
        StripeSandbox.advance(Duration.ofMinutes(20));

        Findings.reconcile();

        Map<String, Object> unequal = Findings.open(account, "unequal");
        assertThat(Findings.amount(unequal)).isEqualTo("-1.00 USD");
        assertThat(unequal).containsEntry("cause", "unknown").containsEntry("transactionId", payment.toString())
                .containsEntry("stripeId", intent());
        assertThat(Findings.amount(Findings.open(account, "pending"))).isEqualTo("-1.00 USD");
        assertThat(Findings.amount(Findings.open(account, "imported"))).isEqualTo("1.00 USD");
        assertThat(drift()).isNotEmpty();

        OwnerSql.run("update stripe_balance_transactions set amount = amount - 1, net = net - 1 where account = ?", account);
        Findings.reconcile();

        assertThat(Findings.open(account)).isEmpty();
        assertThat(Findings.resolved(account)).extracting(finding -> finding.get("kind")).contains("unequal", "pending",
                "imported");
    }

    @Test
    void missesALineThatIsGone() {
        StripeSandbox.advance(Duration.ofHours(3));
        Findings.importNow(account);
        List<Map<String, Object>> gone = OwnerSql.rows("""
                delete from stripe_balance_transactions where account = ? returning stripe_balance_transaction_id""", account);

        Findings.reconcile();

        assertThat(gone).hasSize(1);
        assertThat(Findings.amount(Findings.open(account, "untold"))).isEqualTo("100.00 USD");
        assertThat(Findings.amount(Findings.open(account, "imported"))).isEqualTo("-100.00 USD");

        OwnerSql.run(
                "update stripe_cursors set listed_until = null, requested_at = now() where listing = 'balance_transactions' and account = ?",
                account);
        Findings.importNow(account);
        Findings.reconcile();

        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void noticesABalanceThatIsNotTheSumOfItsEntries() {
        OwnerSql.run("update ledger_accounts set balance = balance + 5 where owner_id = ?::uuid and kind = 'coach_pending'",
                carol.id());

        Findings.reconcile();
        OwnerSql.run("update ledger_accounts set balance = balance - 5 where owner_id = ?::uuid and kind = 'coach_pending'",
                carol.id());

        Map<String, Object> kept = Findings.open(account, "kept_balance");
        assertThat(Findings.amount(kept)).isEqualTo("5.00 USD");
        assertThat(kept).containsEntry("details", "coach_pending");
        assertThat(Findings.amount(Findings.open("ledger", "entries"))).isEqualTo("5.00 USD");

        Findings.reconcile();

        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void leavesOpenWhatIsStillOnItsWay() {
        StripeSandbox.faults(DEAF);
        refundInDashboard(Map.of("reverse_transfer", "true", "refund_application_fee", "true"));
        Findings.importNow(account, "platform");

        Findings.reconcile();

        assertThat(Findings.open(account)).isNotEmpty()
                .allSatisfy(finding -> assertThat(finding).containsEntry("cause", "in_flight"));
    }

    @Test
    void makesUpForWeeksWithoutAWord() {
        StripeSandbox.faults(DEAF);
        String refund = refundInDashboard(Map.of("reverse_transfer", "true", "refund_application_fee", "true"));
        StripeSandbox.advance(Duration.ofDays(7));
        Findings.importNow(account, "platform");

        Findings.reconcile();

        String line = StripeSandbox.request().get("/v1/refunds/" + refund).then().extract().path("balance_transaction");
        assertThat(Findings.resolved("platform")).filteredOn(finding -> line.equals(finding.get("stripeId")))
                .singleElement().satisfies(finding -> assertThat(finding).containsEntry("cause", "missed_event")
                        .containsEntry("details", "refund of " + refund).containsEntry("kind", "unbooked"));
        assertThat(Findings.open(account)).isEmpty();
        Books.closeFor(carol);
    }

    @Test
    void booksAPaymentThatNobodyToldOf() {
        Person alice = Person.called("alice");
        String session = Marketplace.booked(alice, carol, Marketplace.freeTime(), 75);
        String intent = Marketplace.intent(Marketplace.clientSecret(alice, session)).getString("id");
        OwnerSql.run("update transactions set check_at = check_at + interval '30 days' where session_id = ?::uuid", session);
        StripeSandbox.faults(DEAF);
        StripeSandbox.control("/sandbox/payment_intents/" + intent + "/pay", Map.of("paymentMethod", "pm_card_visa"))
                .statusCode(200);
        StripeSandbox.advance(Duration.ofMinutes(20));
        Findings.importNow("platform");

        Findings.reconcile();

        alice.gets("/v1/sessions/" + session).body("paymentStatus", equalTo("paid"));
        assertThat(OwnerSql.rows("""
                select event, stripe_event_id from payment_logs l join transactions t on t.id = l.transaction_id
                 where t.session_id = ?::uuid and l.status_after = 'completed'""", session))
                .singleElement().satisfies(line -> assertThat(line).containsEntry("event", "payment_intent.succeeded")
                        .containsEntry("stripe_event_id", null));
    }

    @Test
    void booksADisputeThatNobodyToldOf() {
        StripeSandbox.faults(DEAF);
        String dispute = StripeSandbox.control("/sandbox/disputes", Map.of("charge", column("stripe_charge_id")))
                .statusCode(200)
                .extract().path("id");
        StripeSandbox.advance(Duration.ofDays(1));
        Findings.importNow("platform");

        Findings.reconcile();

        assertThat(Findings.resolved("platform"))
                .filteredOn(finding -> ("adjustment of " + dispute).equals(finding.get("details")))
                .singleElement().satisfies(finding -> {
                    assertThat(finding).containsEntry("cause", "missed_event");
                    assertThat(Findings.amount(finding)).isEqualTo("140.00 USD");
                });
        assertThat(OwnerSql.rows("select 1 from disputes where stripe_dispute_id = ?", dispute)).hasSize(1);
    }

    @Test
    void waitsForAnEventThatIsLate() {
        StripeSandbox.faults(DEAF);
        String refund = refundInDashboard(Map.of("reverse_transfer", "true", "refund_application_fee", "true"));
        OwnerSql.run("""
                insert into stripe_events (id, event_id, endpoint, type, created, livemode, payload, received_at, status,
                       next_attempt_at)
                values (gen_random_uuid(), ?, 'platform', 'refund.created', ?::timestamptz, false, ?, ?::timestamptz, 'failed',
                       'infinity')""", "evt_late" + refund, StripeSandbox.now().toString(),
                "{\"id\": \"" + refund + "\"}", StripeSandbox.now().plus(Duration.ofDays(1)).toString());
        StripeSandbox.advance(Duration.ofDays(1));
        Findings.importNow("platform");

        Findings.reconcile();

        assertThat(Findings.open("platform")).filteredOn(finding -> ("refund of " + refund).equals(finding.get("details")))
                .singleElement().satisfies(finding -> assertThat(finding).containsEntry("cause", "late_event"));
        OwnerSql.run("delete from stripe_events where event_id = ?", "evt_late" + refund);
        StripeSandbox.noFaults();
        Findings.reconcile();
        Books.closeFor(carol);
    }

    @Test
    void namesWhatWaitsForFundsAndWhatStripeRefused() {
        String step = """
                insert into transfer_steps (id, transaction_id, kind, purpose, amount, currency, status, failure_message)
                values (gen_random_uuid(), ?, '%s', 'dispute_won', %s, 'USD', '%s', 'No')""";
        OwnerSql.run(step.formatted("fee_refund", "3", "waiting_for_funds"), payment);
        OwnerSql.run(step.formatted("transfer", "4", "refused"), payment);

        Findings.reconcile();

        Map<String, Object> waiting = Findings.open(account, "waiting_step");
        assertThat(waiting).containsEntry("cause", "short_of_funds").containsEntry("transactionId", payment.toString());
        assertThat(Findings.amount(waiting)).isEqualTo("3.00 USD");
        Map<String, Object> refused = Findings.open(account, "refused_step");
        assertThat(refused).containsEntry("cause", "refused").containsEntry("details", "dispute_won, No");
        OwnerSql.run("update transfer_steps set status = 'refused', failure_code = 'withdrawn' where transaction_id = ?"
                + " and status = 'waiting_for_funds'", payment);
        Findings.admin().posts("/v1/admin/reconciliation/findings/" + Findings.id(refused) + "/note",
                Map.of("note", "The coach was paid by hand")).statusCode(200);
        Findings.reconcile();
        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void listsByCauseAndRefusesWhatIsNone() {
        Findings.admin().gets("/v1/admin/reconciliation/findings?cause=foreign&limit=5").statusCode(200);
        Findings.admin().gets("/v1/admin/reconciliation/findings?cause=magic").statusCode(400);
        Findings.admin().gets("/v1/admin/reconciliation/findings?status=gone").statusCode(400);
        Findings.admin().posts("/v1/admin/reconciliation/findings/" + UUID.randomUUID() + "/note", Map.of("note", " "))
                .statusCode(400);
        Findings.admin().posts("/v1/admin/reconciliation/findings/" + UUID.randomUUID() + "/note", Map.of("note", "Known"))
                .statusCode(404);
    }

    @Test
    void saysWhatThePlatformBoreBecauseSomebodyRefundedByHand() {
        String refund = refundInDashboard(Map.of("amount", "2500"));
        soon().until(() -> !OwnerSql.rows("select 1 from refunds where stripe_refund_id = ?", refund).isEmpty());
        StripeSandbox.advance(Duration.ofMinutes(20));

        Findings.reconcile();

        assertThat(Findings.open("platform")).filteredOn(finding -> payment.toString().equals(finding.get("transactionId")))
                .singleElement().satisfies(finding -> {
                    assertThat(finding).containsEntry("kind", "refund_clearing").containsEntry("cause", "dashboard_action")
                            .containsEntry("stripeId", refund);
                    assertThat(Findings.amount(finding)).isEqualTo("-25.00 USD");
                });
    }

    @Test
    void findsATransferThatSomebodyMadeByHand() {
        StripeSandbox.request().formParam("amount", "30000").formParam("currency", "nzd").formParam("confirm", "true")
                .formParam("payment_method", "pm_card_bypassPending").formParam("automatic_payment_methods[enabled]", "true")
                .formParam("automatic_payment_methods[allow_redirects]", "never").post("/v1/payment_intents").then()
                .statusCode(200);
        String transfer = StripeSandbox.request().formParam("amount", "1000").formParam("currency", "nzd")
                .formParam("destination", account).post("/v1/transfers").then().statusCode(200).extract().path("id");
        soon().until(() -> !OwnerSql.rows("select 1 from stripe_events where type = 'transfer.created' and payload like ?",
                "%" + transfer + "%").isEmpty());
        Findings.importNow(account, "platform");
        StripeSandbox.advance(Duration.ofHours(2));

        soon().untilAsserted(() -> {
            Findings.reconcile();
            assertThat(Findings.open(account, "unbooked")).containsEntry("cause", "dashboard_action");
            assertThat(Findings.amount(Findings.open(account, "available"))).isEqualTo("-10.00 NZD");
            assertThat(Findings.open("platform")).filteredOn(finding -> "NZD".equals(finding.get("currency")))
                    .filteredOn(finding -> String.valueOf(finding.get("details")).startsWith("charge"))
                    .allSatisfy(finding -> assertThat(finding).containsEntry("cause", "foreign"));
        });
    }

    @Test
    void skipsNoTypeItDoesNotKnow() {
        String line = StripeSandbox
                .control("/sandbox/balance_transactions",
                        Map.of("type", "climate_order_purchase", "amount", -700, "currency", "sek"))
                .statusCode(200).extract().path("id");
        Findings.importNow("platform");
        StripeSandbox.advance(Duration.ofMinutes(20));

        Findings.reconcile();

        assertThat(Findings.open("platform")).filteredOn(finding -> line.equals(finding.get("stripeId"))).singleElement()
                .satisfies(finding -> {
                    assertThat(finding).containsEntry("kind", "unknown_type").containsEntry("details",
                            "climate_order_purchase");
                    assertThat(Findings.amount(finding)).isEqualTo("7.00 SEK");
                });
    }

    @Test
    void comparesTheOthersWhereOneHoldsWhatNobodyKnows() {
        StripeSandbox.control("/sandbox/balance_transactions",
                Map.of("type", "adjustment", "amount", 100, "currency", "ghs", "account", account)).statusCode(200);
        StripeSandbox.control("/sandbox/balance_transactions",
                Map.of("type", "adjustment", "amount", 700, "currency", "usd", "account", account)).statusCode(200);
        Findings.importNow(account, "platform");

        Findings.reconcile();

        assertThat(Findings.open(account, "unreadable_line").get("details").toString()).contains("ghs");
        assertThat(Findings.open(account, "unreadable_balance")).containsEntry("cause", "unknown");
        assertThat(Findings.amount(Findings.open(account, "unknown_type"))).isEqualTo("-7.00 USD");
        assertThat(
                OwnerSql.rows(
                        "select compared_at from stripe_cursors where listing = 'balance_transactions' and account = 'platform'")
                        .get(0).get("compared_at"))
                .isNotNull();
    }

    @Test
    void booksWhatStripeChargesAndWhatGoesToThePlatformsBank() {
        Marketplace.toppedUp("nok", 5000);
        StripeSandbox.control("/sandbox/balance_transactions",
                Map.of("type", "network_cost", "amount", -120, "currency", "nok")).statusCode(200);
        StripeSandbox.control("/sandbox/balance_transactions",
                Map.of("type", "reserved_funds", "amount", -300, "currency", "nok")).statusCode(200);
        String payout = StripeSandbox.request().formParam("amount", "1000").formParam("currency", "nok").post("/v1/payouts")
                .then().statusCode(200).extract().path("id");
        StripeSandbox.control("/sandbox/payouts/" + payout + "/fail", Map.of()).statusCode(200);
        StripeSandbox.request().formParam("amount", "2000").formParam("currency", "nok").post("/v1/payouts").then()
                .statusCode(200);
        Findings.importNow("platform");

        assertThat(platform("NOK", "platform_bank")).isEqualTo("30");
        assertThat(platform("NOK", "stripe_fees")).isEqualTo("-1.2");
        assertThat(OwnerSql.rows("select type from stripe_balance_transactions where currency = 'NOK' and ignored"))
                .containsExactly(Map.of("type", "reserved_funds"));
    }

    @Test
    void followsStripeIntoTheCurrencyItSettledIn() {
        Person dave = Marketplace.coach("dave", "100.00", "USD");
        String settling = Earnings.account(dave);
        StripeSandbox.control("/sandbox/accounts/" + settling + "/exchange",
                Map.of("from", "usd", "into", "eur", "rate", "0.921")).statusCode(200);
        payment = Marketplace.paid(Person.called("alice"), dave, 75);
        soon().untilAsserted(() -> {
            Findings.importNow(settling, "platform");
            assertThat(Earnings.accounts(dave, "USD")).isEqualTo("0 0 0 0");
            assertThat(Earnings.accounts(dave, "EUR")).isEqualTo("92.1 0 0 0");
        });
        refundInDashboard(Map.of("amount", "5000", "reverse_transfer", "true", "refund_application_fee", "true"));
        soon().untilAsserted(() -> {
            Findings.importNow(settling);
            assertThat(Earnings.accounts(dave, "USD")).isEqualTo("0 0 0 0");
        });
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.availableSoon(dave, "EUR", "55.26");

        Findings.reconcile();

        List<Map<String, Object>> converted = Findings.open(settling);
        assertThat(converted).hasSize(2).allSatisfy(finding -> assertThat(finding).containsEntry("kind", "converted")
                .containsEntry("cause", "converted"));
        assertThat(converted).extracting(finding -> finding.get("details")).containsExactlyInAnyOrder("100 USD became 92.1 EUR",
                "-40 USD became -36.84 EUR");
        Books.closeFor(dave, "converted", "converted");
        String id = Findings.id(converted.get(0));
        Findings.admin().posts("/v1/admin/reconciliation/findings/" + id + "/note", Map.of("note", "The coach banks in euros"))
                .statusCode(200).body("note", equalTo("The coach banks in euros"));
        Findings.reconcile();
        Findings.reconcile();
        assertThat(Findings.open(settling)).hasSize(1);
    }

    @Test
    void tellsWhenPayoutsWereGivenBackToStripe() {
        StripeSandbox.request().header("Stripe-Account", account).formParam("payments[payouts][schedule][interval]", "daily")
                .post("/v1/balance_settings").then().statusCode(200);
        soon().untilAsserted(() -> assertThat(Findings.open(account, "payouts_given_back")).containsEntry("cause",
                "dashboard_action"));
        jobs.runNow("manual-payouts");

        Findings.reconcile();

        assertThat(Findings.open(account)).isEmpty();
    }

    @Test
    void remembersTheMoneyInAnAccountThatWasDisconnected() {
        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
        soon().until(() -> !OwnerSql.rows("""
                select 1 from stripe_connected_accounts where stripe_account_id = ? and deauthorized_at is not null""", account)
                .isEmpty());

        Findings.reconcile();

        assertThat(Findings.amount(Findings.open(account, "deauthorized"))).isEqualTo("100.00 USD");
    }

    @Test
    void runsOnceHoweverManyAsk() {
        Findings.reconcile();
        soon().until(() -> OwnerSql.run(
                """
                        insert into reconciliation_runs (id, status, step, started_at) values (gen_random_uuid(), 'running', 'begun', now())
                        on conflict do nothing""") == 1);
        List<String> answered = AtOnce.times(3, () -> Findings.admin().posts("/v1/admin/reconciliation/run").statusCode(202)
                .extract().path("id"));
        OwnerSql.run("update reconciliation_runs set status = 'failed' where status = 'running'");

        assertThat(answered).containsOnly(answered.get(0));
        String next = Findings.admin().posts("/v1/admin/reconciliation/run").statusCode(202).body("status", equalTo("running"))
                .extract().path("id");
        soon().untilAsserted(() -> assertThat(OwnerSql.rows("select status from reconciliation_runs where id = ?::uuid", next)
                .get(0)).containsEntry("status", "done"));
    }

    @Test
    void takesOverFromARunThatDied() {
        Findings.reconcile();
        OwnerSql.run("alter table reconciliation_runs disable trigger touch");
        soon().until(() -> OwnerSql.run(
                """
                        insert into reconciliation_runs (id, status, started_at, updated_at)
                        values (gen_random_uuid(), 'running', now() - interval '1 hour', now() - interval '40 seconds') on conflict do nothing""") == 1);
        OwnerSql.run("alter table reconciliation_runs enable trigger touch");

        Findings.reconcile();

        assertThat(OwnerSql.rows("select 1 from reconciliation_runs where failure = 'It was cut off'")).isNotEmpty();
    }

    @Test
    void isNotTakenForDeadHoweverLongAStepTakes() throws SQLException {
        Findings.reconcile();
        try (Connection owner = OwnerSql.another(); Statement lock = owner.createStatement()) {
            owner.setAutoCommit(false);
            lock.execute("lock table reconciliation_findings");
            Findings.admin().posts("/v1/admin/reconciliation/run").statusCode(202);
            soon().until(() -> !OwnerSql.rows("select 1 from pg_locks where relation = 'reconciliation_findings'::regclass"
                    + " and not granted").isEmpty());
            String told = running("").get(0).get("updated_at").toString();

            soon().until(() -> !running("and updated_at > '" + told + "'").isEmpty());
        }
    }

    private static List<Map<String, Object>> running(String condition) {
        return OwnerSql.rows("select updated_at::text from reconciliation_runs where status = 'running' " + condition);
    }

    private String intent() {
        return column("stripe_payment_intent_id");
    }

    private String column(String name) {
        return OwnerSql.rows("select " + name + " as value from transactions where id = ?", payment).get(0).get("value")
                .toString();
    }

    /** Refunds a part of the platform's fee, and nothing else. */
    private void giveFeeBack(String amount) {
        StripeSandbox.request().formParam("amount", amount)
                .post("/v1/application_fees/" + column("stripe_application_fee_id") + "/refunds").then().statusCode(200);
    }

    /** A refund that was not made by coachpay. */
    private String refundInDashboard(Map<String, String> how) {
        return StripeSandbox.request().formParam("payment_intent", intent()).formParams(how).post("/v1/refunds").then()
                .statusCode(200).extract().path("id");
    }

    private static List<?> drift() {
        return Findings.admin().gets("/v1/admin/reconciliation").statusCode(200).extract().path("drift");
    }

    private static String platform(String currency, String kind) {
        return OwnerSql.rows("""
                select trim_scale(coalesce(sum(e.amount), 0))::text as amount
                  from ledger_entries e join ledger_accounts a on a.id = e.account_id where a.kind = ? and a.currency = ?""",
                kind,
                currency).get(0).get("amount").toString();
    }
}
