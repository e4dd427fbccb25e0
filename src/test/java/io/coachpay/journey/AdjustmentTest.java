package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import jakarta.inject.Inject;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.response.ValidatableResponse;

/** Lines that Stripe makes by itself, or people in its dashboard, come into the books, and nothing differs afterwards. */
@ServiceTest
class AdjustmentTest {

    private static final String FINDINGS = "/v1/admin/reconciliation/findings/";

    @Inject
    Jobs jobs;

    @Test
    void booksAClearedDebtByItself() {
        Person carol = Earnings.coachWith100("monthly", "1.00");
        String account = Earnings.account(carol);
        String before = adjustments("USD");

        line(Map.of("type", "connect_collection_transfer", "amount", 4000, "currency", "usd", "account", account));
        line(Map.of("type", "connect_collection_transfer", "amount", -4000, "currency", "usd"));
        Findings.importNow(account, "platform");

        Earnings.availableSoon(carol, "USD", "140.00");
        assertThat(new java.math.BigDecimal(adjustments("USD")).subtract(new java.math.BigDecimal(before)))
                .isEqualByComparingTo("-40");
        Books.closeFor(carol);
    }

    @Test
    void booksGoodwillFromTheDashboardOnBothSides() {
        Person carol = Earnings.coachWith100("monthly", "1.00");
        String account = Earnings.account(carol);
        String transfer = goodwill(account, "500");
        Map<String, Object> there = unbooked(account, "payment of");
        Map<String, Object> here = unbooked("platform", "transfer of " + transfer);

        book(there).statusCode(200).body("amount.amount", equalTo("5.00")).body("account", equalTo(account))
                .body("reason", equalTo("Goodwill")).body("findingId", equalTo(Findings.id(there)));
        Earnings.availableSoon(carol, "USD", "105.00");
        book(here).statusCode(200).body("amount.amount", equalTo("-5.00"));

        Books.closeFor(carol);
        assertThat(Findings.isOpen(Findings.id(here), "platform")).isFalse();
        assertThat(Explained.reads(carol, "/v1/me/balance/explain").lines()).contains("adjustment 5.00");
        YearMonth month = YearMonth.from(StripeSandbox.now().atOffset(ZoneOffset.UTC));
        carol.gets("/v1/me/statements/" + month).statusCode(200).body("other.amount", equalTo("5.00"))
                .body("lines.find { it.kind == 'adjustment' }.text",
                        equalTo("Sent, taken back or cleared at Stripe, for no payment in particular"));
        String payout = carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(201)
                .body("amount.amount", equalTo("105.00"))
                .extract().path("id");
        assertThat(Explained.reads(carol, "/v1/me/payouts/" + payout + "/explain").lines()).contains("adjustment 5.00");
        Books.closeFor(carol);
    }

    @Test
    void booksALineOnceHoweverOftenAndByHowMany() {
        Person carol = Earnings.coachWith100("monthly", "1.00");
        String account = Earnings.account(carol);
        line(Map.of("type", "payment_failure_refund", "amount", -300, "currency", "usd", "account", account));
        Findings.importNow(account);
        Findings.reconcile();
        Map<String, Object> unknown = Findings.open(account, "unknown_type");

        List<String> booked = AtOnce.times(4, () -> book(unknown).statusCode(200).extract().path("id"));

        assertThat(Set.copyOf(booked)).hasSize(1);
        Earnings.availableSoon(carol, "USD", "97.00");
        Books.closeFor(carol);
        assertThat(book(unknown).statusCode(200).extract().<String> path("id")).isEqualTo(booked.get(0));
        assertThat(OwnerSql.rows("""
                select a.reason, a.booked_by::text as by, l.role from adjustments a join audit_log l on l.row_id = a.id
                 where a.id = ?::uuid""", booked.get(0))).singleElement()
                .satisfies(row -> assertThat(row).containsEntry("reason", "Goodwill").containsEntry("by", administrator()));
    }

    @Test
    void followsThePlatformsMoneyIntoAnotherCurrency() {
        exchange("cad", "eur");
        try {
            Person carol = Marketplace.coach("carol", "100.00", "CAD");
            UUID payment = Marketplace.paid(Person.called("alice"), carol, 75, "pm_card_bypassPending");
            String intent = OwnerSql.rows("select stripe_payment_intent_id as id from transactions where id = ?", payment)
                    .get(0).get("id").toString();
            Earnings.availableSoon(carol, "CAD", "100.00");
            StripeSandbox.request().formParam("payment_intent", intent).formParam("amount", "2500")
                    .formParam("reverse_transfer", "true").formParam("refund_application_fee", "true").post("/v1/refunds")
                    .then().statusCode(200);
            soon().untilAsserted(() -> {
                Findings.importNow(Earnings.account(carol), "platform");
                assertThat(Earnings.accounts(carol, "CAD")).isEqualTo("0 80 0 0");
            });

            soon().untilAsserted(() -> {
                Findings.importNow("platform");
                Findings.reconcile();
                assertThat(Findings.open("platform")).filteredOn(finding -> payment.toString().equals(
                        finding.get("transactionId"))).hasSize(6)
                        .allSatisfy(finding -> assertThat(finding).containsEntry("kind", "converted"));
                assertThat(Findings.open("platform")).filteredOn(finding -> "platform".equals(finding.get("kind")))
                        .noneMatch(finding -> "CAD".equals(finding.get("currency")));
            });
        } finally {
            exchange("xxx", "eur");
        }
    }

    @Test
    void refusesWhatIsClosedIsNoLineOrIsBookedByItself() {
        Person carol = Earnings.coachWith100("monthly", "1.00");
        String account = Earnings.account(carol);
        String transfer = goodwill(account, "500");
        Map<String, Object> there = unbooked(account, "payment of");
        String id = Findings.id(there);

        Problem.names(Findings.admin().posts(FINDINGS + id + "/book", Map.of("reason", " ")), "reason");
        Findings.admin().posts(FINDINGS + UUID.randomUUID() + "/book", Map.of("reason", "Known")).statusCode(404);
        carol.posts(FINDINGS + id + "/book", Map.of("reason", "Mine")).statusCode(403);
        Findings.betweenRuns(() -> {
            OwnerSql.run("update reconciliation_findings set cause = 'in_flight' where id = ?::uuid", id);
            Problem.is(book(there), 409, "finding-expected");
            OwnerSql.run("update reconciliation_findings set cause = 'missed_event' where id = ?::uuid", id);
            Problem.is(book(there), 409, "finding-expected");
            OwnerSql.run("update reconciliation_findings set cause = 'unknown', resolved_at = now() where id = ?::uuid", id);
            Problem.is(book(there), 409, "finding-closed");
            Problem.is(book(Findings.open(account, "available")), 409, "finding-without-line");
            assertThat(OwnerSql.rows("select 1 from adjustments where finding_id = ?::uuid", id)).isEmpty();
            OwnerSql.run(
                    "update reconciliation_findings set cause = 'dashboard_action', resolved_at = null where id = ?::uuid", id);
            book(there).statusCode(200);
        });
        book(unbooked("platform", "transfer of " + transfer)).statusCode(200);
        Books.closeFor(carol);
    }

    @Test
    void leavesToAPayoutOfOursWhatStripeStillExplains() {
        Person carol = Earnings.coachWith100("monthly", "1.00");
        String account = Earnings.account(carol);
        StripeSandbox.faults("""
                {"webhooks": [{"match": {}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""");
        try {
            String intent = OwnerSql.rows("select stripe_payment_intent_id as id from transactions where coach_id = ?::uuid",
                    carol.id()).get(0).get("id").toString();
            String refund = StripeSandbox.request().formParam("payment_intent", intent).formParam("amount", "2500")
                    .formParam("reverse_transfer", "true").post("/v1/refunds").then().statusCode(200).extract().path("id");
            Findings.importNow(account, "platform");
            String finding = OwnerSql
                    .rows("""
                            insert into reconciliation_findings (id, account, kind, subject, currency, amount, stripe_id, cause, since, seen_at,
                                   looked_at)
                            select gen_random_uuid(), 'platform', 'unbooked', stripe_balance_transaction_id, currency, -net,
                                   stripe_balance_transaction_id, 'unknown', now(), now(), now()
                              from stripe_balance_transactions where source = ? returning id::text""",
                            refund)
                    .get(0).get("id")
                    .toString();

            Problem.is(book(Map.of("id", finding)), 409, "finding-expected");
        } finally {
            StripeSandbox.noFaults();
        }
        Books.closeFor(carol);
    }

    @Test
    void leavesToAPaymentOfOursWhatStripeNoMoreExplains() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String account = Earnings.account(carol);
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "transfer.*"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"},
                              {"match": {"method": "GET", "path": "/v1/transfers*"}, "do": "500_before"}]}""");
        UUID payment;
        try {
            payment = Earnings.paid(carol);
            Findings.importNow(account);
            assertThat(OwnerSql.rows("select 1 from transfers where transaction_id = ?", payment)).isEmpty();
            StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
            soon().untilAsserted(() -> carol.gets("/v1/me/connected-account").body("reasons",
                    equalTo(List.of("account_deauthorized"))));

            Problem.is(book(unbookedLine(account, "payment")), 409, "finding-expected");
        } finally {
            StripeSandbox.noFaults();
        }
        Marketplace.hearsOfAll();
        Marketplace.isTransferredSoon(payment);
    }

    /** A coach's facts are being booked: the booking holds either of two locks, and gets the other one. */
    @ParameterizedTest
    @CsvSource({ "transactionid,true", "advisory,false" })
    void givesWayToWhoeverBooksFacts(String waitsFor, boolean profileFirst) throws Exception {
        Person carol = Earnings.coachWith100("monthly", "1.00");
        String account = Earnings.account(carol);
        line(Map.of("type", "payment_failure_refund", "amount", -300, "currency", "usd", "account", account));
        Findings.importNow(account);
        Findings.reconcile();
        Map<String, Object> unknown = Findings.open(account, "unknown_type");
        String profile = "select id from coach_profiles where user_id = '" + carol.id() + "' for no key update";
        String shared = "select pg_advisory_xact_lock_shared(hashtext('adjustments'))";
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Connection facts = owner(); Statement statement = facts.createStatement()) {
            facts.setAutoCommit(false);
            statement.execute(profileFirst ? profile : shared);

            Future<Integer> booked = threads.submit(() -> book(unknown).extract().statusCode());
            soon().until(() -> !OwnerSql.rows("select 1 from pg_locks where locktype = ? and not granted", waitsFor).isEmpty());
            statement.execute(profileFirst ? shared : profile);
            facts.commit();

            assertThat(booked.get()).isEqualTo(200);
        } finally {
            threads.shutdownNow();
        }
        Earnings.availableSoon(carol, "USD", "97.00");
        Books.closeFor(carol);
    }

    private static Connection owner() throws SQLException {
        Config config = ConfigProvider.getConfig();
        return DriverManager.getConnection(config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.liquibase.username", String.class),
                config.getValue("quarkus.liquibase.password", String.class));
    }

    /** A finding about the one line of this type, of which nothing is known. */
    private static Map<String, Object> unbookedLine(String account, String type) {
        String finding = OwnerSql
                .rows("""
                        insert into reconciliation_findings (id, account, kind, subject, currency, amount, stripe_id, cause, since, seen_at,
                               looked_at)
                        select gen_random_uuid(), account, 'unbooked', stripe_balance_transaction_id, currency, -net,
                               stripe_balance_transaction_id, 'dashboard_action', now(), now(), now()
                          from stripe_balance_transactions where account = ? and type = ? returning id::text""",
                        account, type)
                .get(0)
                .get("id").toString();
        return Map.of("id", finding);
    }

    private static ValidatableResponse book(Map<String, Object> finding) {
        return Findings.admin().posts(FINDINGS + Findings.id(finding) + "/book", Map.of("reason", "Goodwill"));
    }

    /** A transfer to a coach made in Stripe's dashboard; its id. */
    private static String goodwill(String account, String amount) {
        Marketplace.toppedUp("usd", 100000);
        return StripeSandbox.request().formParam("amount", amount).formParam("currency", "usd")
                .formParam("destination", account).post("/v1/transfers").then().statusCode(200).extract().path("id");
    }

    /** Waits until Stripe was asked and knows nothing about the one line of this description. */
    private static Map<String, Object> unbooked(String account, String details) {
        Findings.importNow(account, "platform");
        StripeSandbox.advance(Duration.ofHours(2));
        return soon().until(() -> {
            Findings.reconcile();
            return Findings.open(account).stream().filter(finding -> "dashboard_action".equals(finding.get("cause")))
                    .filter(finding -> String.valueOf(finding.get("details")).startsWith(details)).toList();
        }, found -> found.size() == 1).get(0);
    }

    private static void line(Map<String, Object> line) {
        StripeSandbox.control("/sandbox/balance_transactions", line).statusCode(200);
    }

    private static void exchange(String from, String into) {
        StripeSandbox.control("/sandbox/accounts/platform/exchange", Map.of("from", from, "into", into, "rate", "0.65"))
                .statusCode(200);
    }

    private static String adjustments(String currency) {
        return OwnerSql.rows("""
                select coalesce(sum(e.amount), 0)::text as amount from ledger_entries e
                  join ledger_accounts a on a.id = e.account_id where a.kind = 'platform_adjustments' and a.currency = ?""",
                currency).get(0).get("amount").toString();
    }

    private static String administrator() {
        return Findings.admin().id();
    }
}
