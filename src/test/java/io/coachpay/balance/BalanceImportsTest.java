package io.coachpay.balance;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import javax.sql.DataSource;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.job.Cursors;
import io.coachpay.job.Jobs;
import io.coachpay.job.StripeList;
import io.coachpay.journey.Marketplace;
import io.quarkus.arc.Arc;

/** Stripe's books are read page by page, once, and an interrupted reading resumes. */
@ServiceTest
class BalanceImportsTest {

    private static final int TRANSFERS = 130;

    @Inject
    BalanceImports imports;

    @Inject
    DataSource database;

    @Inject
    Access access;

    @Inject
    FundsAvailability availability;

    @Inject
    LineMatching matching;

    @Inject
    Jobs jobs;

    private String account;

    /** In a currency that no other story uses, since it must not move other people's books. */
    @BeforeEach
    void fillAnAccount() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        account = carol.gets("/v1/me/connected-account").extract().path("stripeAccountId");
        // Only these tests import a disconnected account, once a run that began before is over.
        disconnected("now()");
        soon().until(() -> OwnerSql.rows(
                "select 1 from scheduled_tasks where picked and task_name in ('balance-import', 'reconciliation')").isEmpty());
        StripeSandbox.request().formParam("amount", "50000").formParam("currency", "dkk").formParam("confirm", "true")
                .formParam("payment_method", "pm_card_bypassPending").formParam("automatic_payment_methods[enabled]", "true")
                .formParam("automatic_payment_methods[allow_redirects]", "never").post("/v1/payment_intents").then()
                .statusCode(200);
        for (int i = 0; i < TRANSFERS; i++) {
            StripeSandbox.request().formParam("amount", "100").formParam("currency", "dkk").formParam("destination", account)
                    .post("/v1/transfers").then().statusCode(200);
        }
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    /** Takes these thousands of lines out of the comparison, where they would take the turns of other stories' findings. */
    @AfterAll
    static void leavesNothingToExplain() {
        Jobs jobs = Arc.container().instance(Jobs.class).get();
        OwnerSql.run(
                "update stripe_cursors set requested_at = ?::timestamptz where listing = 'balance_transactions' and account = 'platform'",
                StripeSandbox.now().toString());
        soon().until(() -> {
            jobs.runNow("balance-import");
            return OwnerSql.rows(
                    "select 1 from stripe_cursors where listing = 'balance_transactions' and account = 'platform' and requested_at is not null")
                    .isEmpty();
        });
        OwnerSql.run(
                "update stripe_balance_transactions set ignored = true where currency = 'DKK' and fact_journal_id is null");
    }

    @Test
    void readsEveryPageOnceHoweverOftenItIsAsked() {
        imports.importAccount(account);
        imports.importAccount(account);

        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(TRANSFERS));
        assertThat(mark().get("resume_after")).isNull();
        assertThat(mark().get("listed_until")).isNotNull();
    }

    @Test
    void goesOnAtThePageWhereItWasCutOff() {
        imports.importAccount(account);
        String last = StripeSandbox.request().header("Stripe-Account", account).queryParam("limit", 100)
                .get("/v1/balance_transactions").then().statusCode(200).extract().path("data[99].id");
        OwnerSql.run("delete from stripe_balance_transactions where account = ?", account);
        OwnerSql.run(
                "update stripe_cursors set requested_at = null, listed_until = null, listing_from = ?::timestamptz, resume_after = ? where listing = 'balance_transactions' and account = ?",
                StripeSandbox.now().toString(), last, account);

        imports.importAccount(account);

        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(TRANSFERS - 100));
        assertThat(mark().get("listed_until")).isNotNull();
    }

    @Test
    void staysDueUntilItIsImported() {
        Instant asked = StripeSandbox.now();
        OwnerSql.run(
                "update stripe_cursors set requested_at = ?::timestamptz where listing = 'balance_transactions' and account = ?",
                asked.toString(), account);

        // A process ends here, and another resumes.
        access.runAsService(() -> new Cursors(database, StripeList.BALANCE_TRANSACTIONS).begin(account, asked.plusSeconds(1)));
        assertThat(mark().get("requested_at")).isNotNull();
        imports.importAccount(account);

        assertThat(mirrored()).isEqualTo(TRANSFERS);
        assertThat(mark().get("listed_until")).isNotNull();
    }

    @Test
    void saysWhyAListingFailedAndTriesAgain() {
        StripeSandbox
                .faults("""
                        {"requests": [{"match": {"method": "GET", "path": "/v1/balance_transactions*"}, "do": "500_before", "times": 200}]}""");
        imports.importAccount(account);
        assertThat(mark().get("failure")).isEqualTo("away");
        assertThat(seconds("next_at - ?::timestamptz", StripeSandbox.now().toString())).isLessThanOrEqualTo(10.0);

        StripeSandbox.noFaults();
        disconnected("null");

        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(TRANSFERS));
        assertThat(mark().get("failure")).isNull();
    }

    @Test
    void waitsLongerAfterEachFailure() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "GET", "path": "/v1/balance_transactions*"}, "do": "error", "status": 400,
                  "type": "invalid_request_error", "code": "parameter_invalid_empty"}]}""");
        for (int times = 1; times <= 3; times++) {
            imports.importAccount(account);
        }

        assertThat(mark()).containsEntry("failures", 3);
        assertThat(seconds("next_at - ?::timestamptz", StripeSandbox.now().toString())).isBetween(30.0, 40.0);
        OwnerSql.run("update stripe_cursors set failures = 30 where listing = 'balance_transactions' and account = ?", account);
        imports.importAccount(account);
        assertThat(seconds("next_at - ?::timestamptz", StripeSandbox.now().toString())).isBetween(3500.0, 3600.0);
        access.runAsService(() -> {
            imports.request(account);
            assertThat(imports.due(10_000)).doesNotContain(account);
        });
        StripeSandbox.noFaults();
        imports.importAccount(account);
        assertThat(mark()).containsEntry("failures", 0).containsEntry("failed_since", null).containsEntry("failure", null);
        assertThat(hoursToTheNext()).isBetween(0.9, 1.1);
    }

    @Test
    void importsTheLessOftenTheLongerNothingHasMoved() {
        imports.importAccount(account);
        assertThat(hoursToTheNext()).isBetween(0.9, 1.1);

        movedAgo(Duration.ofDays(3));
        imports.importAccount(account);
        assertThat(hoursToTheNext()).isBetween(23.9, 24.1);

        movedAgo(Duration.ofDays(31));
        imports.importAccount(account);
        assertThat(hoursToTheNext()).isBetween(167.9, 168.1);

        access.runAsService(() -> assertThat(imports.due(10_000)).doesNotContain(account));
        access.runAsService(() -> imports.request(account));
        disconnected("null");
        soon().until(() -> mark().get("requested_at") == null);
    }

    @Test
    void booksWhatItCanWhereTheBooksRefuseOneLine() {
        String bad = line("0.105");
        String good = line("0.10");

        matching.matchNewest();

        assertThat(OwnerSql.rows("select fact_journal_id, problem from stripe_balance_transactions where id = ?::uuid", good)
                .get(0)).hasEntrySatisfying("fact_journal_id", journal -> assertThat(journal).isNotNull())
                .containsEntry("problem", null);
        assertThat(OwnerSql.rows("select fact_journal_id, problem from stripe_balance_transactions where id = ?::uuid", bad)
                .get(0)).containsEntry("fact_journal_id", null)
                .hasEntrySatisfying("problem", problem -> assertThat(problem).isNotNull());
        jobs.runNow("reconciliation");
        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select 1 from reconciliation_findings where kind = 'unbookable_line' and account = ? and resolved_at is null",
                account)).hasSize(1));
        OwnerSql.run("delete from stripe_balance_transactions where id = ?::uuid", bad);
    }

    /** A line in which Stripe cleared a debt of that amount, in a currency of two digits. */
    private String line(String amount) {
        String id = Ids.next().toString();
        OwnerSql.run(
                """
                        insert into stripe_balance_transactions (id, account, stripe_balance_transaction_id, type, amount, fee, net, currency,
                               created, available_on)
                        values (?::uuid, ?, ?, 'connect_collection_transfer', ?::numeric, 0, ?::numeric, 'DKK', now(), now())""",
                id, account, "txn_" + id.replace("-", ""), amount, amount);
        return id;
    }

    private void movedAgo(Duration ago) {
        OwnerSql.run(
                "update stripe_cursors set moved_at = ?::timestamptz where listing = 'balance_transactions' and account = ?",
                StripeSandbox.now().minus(ago).toString(), account);
    }

    private double hoursToTheNext() {
        return seconds("next_at - ?::timestamptz", StripeSandbox.now().toString()) / 3600;
    }

    @Test
    void setsAsideWhatItCannotReadAndImportsTheRest() {
        String odd = StripeSandbox.control("/sandbox/balance_transactions",
                Map.of("type", "adjustment", "amount", 100, "currency", "ghs", "account", account)).statusCode(200).extract()
                .path("id");

        imports.importAccount(account);

        assertThat(mirrored()).isEqualTo(TRANSFERS);
        assertThat(mark()).containsEntry("failure", null);
        assertThat(OwnerSql.rows("select stripe_id, line from unreadable_lines where account = ?", account)).singleElement()
                .satisfies(line -> {
                    assertThat(line).containsEntry("stripe_id", odd);
                    assertThat(line.get("line").toString()).contains("ghs");
                });
        OwnerSql.run("update unreadable_lines set stripe_id = (select max(stripe_balance_transaction_id)"
                + " from stripe_balance_transactions where account = ?) where account = ?", account, account);
        imports.importAccount(account);
        assertThat(OwnerSql.rows("select stripe_id from unreadable_lines where account = ?", account)).singleElement()
                .satisfies(line -> assertThat(line).containsEntry("stripe_id", odd));
    }

    private double seconds(String time, Object... values) {
        Object[] all = java.util.stream.Stream.concat(java.util.Arrays.stream(values), java.util.stream.Stream.of(account))
                .toArray();
        return ((Number) OwnerSql
                .rows("select extract(epoch from " + time
                        + ")::float8 as s from stripe_cursors where listing = 'balance_transactions' and account = ?",
                        all)
                .get(0).get("s")).doubleValue();
    }

    @Test
    void booksNothingThatBelongsToNoPayment() {
        imports.importAccount(account);
        availability.bookDue();

        assertThat(OwnerSql.rows("select 1 from stripe_balance_transactions where account = ? and journal_id is not null",
                account))
                .isEmpty();
    }

    private void disconnected(String when) {
        OwnerSql.run("update stripe_connected_accounts set deauthorized_at = " + when + " where stripe_account_id = ?",
                account);
    }

    private long mirrored() {
        return (long) OwnerSql.rows("select count(*) as n from stripe_balance_transactions where account = ?", account).get(0)
                .get("n");
    }

    private Map<String, Object> mark() {
        return OwnerSql.rows("select * from stripe_cursors where listing = 'balance_transactions' and account = ?", account)
                .get(0);
    }
}
