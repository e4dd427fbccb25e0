package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** Sessions paid with credits: what is refused, what each end leaves, and what is seen of it in a wallet. */
@ServiceTest
class PayingWithCreditsTest {

    private Person alice;
    private Person carol;

    @BeforeEach
    void meet() {
        Marketplace.toppedUp("usd", 100_000);
        StripeSandbox.advance(Duration.ofDays(3));
        alice = Person.called("alice");
        carol = Marketplace.coach("carol", "125.00", "USD");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void refusesWhatCreditsDoNotPay() {
        given("100.5");

        Problem.is(pays(booked(carol)), 422, "credits-insufficient").body("missing", equalTo("24.500000"));
        Person dora = Marketplace.coach("dora", "50.00", "EUR");
        Problem.is(pays(booked(dora)), 422, "currency-not-payable-with-credits");
        Problem.is(adjusted("-100.500001"), 422, "exceeds-balance").body("balance", equalTo("100.500000"));
        Problem.is(adjusted("10000.000001"), 422, "adjustment-too-large");
        holds("100.500000", "0.000000");
    }

    @Test
    void paysNobodyWhomNoTransferReaches() {
        given("125");
        String session = booked(carol);
        OwnerSql.run("update stripe_connected_accounts set transfers_enabled = false where user_id = ?::uuid", carol.id());

        Problem.is(pays(session), 409);

        holds("125.000000", "0.000000");
    }

    @Test
    void sharesALateCancellation() {
        given("150");
        String session = paid();
        OwnerSql.run("""
                update sessions set free_cancellation_hours = 100000, late_cancellation_refund_percentage = 50
                 where id = ?::uuid""", session);

        alice.posts("/v1/sessions/" + session + "/cancel").statusCode(200).body("refund.amount", equalTo("62.50"));

        soon().untilAsserted(() -> assertThat(transfers(session)).containsExactly("created 50"));
        holds("87.500000", "0.000000");
        earns("50.00");
        assertThat(revenue(session)).isEqualTo("12.5");
    }

    @Test
    void paysACoachForASessionThatTheMenteeMissed() {
        given("125");
        String session = paid();
        tookPlace(session);

        carol.posts("/v1/sessions/" + session + "/no-show").statusCode(200);

        soon().untilAsserted(() -> assertThat(transfers(session)).containsExactly("created 100"));
        holds("0.000000", "0.000000");
        earns("100.00");
        assertThat(revenue(session)).isEqualTo("25");
    }

    @Test
    void transfersNothingWhereTheFeeIsAll() {
        OwnerSql.run("update coach_profiles set platform_fee_percentage = 100 where user_id = ?::uuid", carol.id());
        given("125");
        String session = paid();
        tookPlace(session);

        carol.posts("/v1/sessions/" + session + "/complete").statusCode(200);

        soon().untilAsserted(() -> holds("0.000000", "0.000000"));
        assertThat(transfers(session)).isEmpty();
        earns("0.00");
        assertThat(revenue(session)).isEqualTo("125");
    }

    @ParameterizedTest
    @CsvSource({ "0, credit, 125.000000, 25.000000, 150.000000, Back from a session",
            "1, debit, -125.000000, 150.000000, 25.000000, Paid for a session" })
    void showsASessionInTheWallet(int line, String type, String amount, String before, String after, String description) {
        given("150");
        String session = paid();
        String payment = payment(session);
        alice.posts("/v1/sessions/" + session + "/cancel").statusCode(200);

        lines("").body("data[%d].type".formatted(line), equalTo(type)).body("data[%d].amount".formatted(line), equalTo(amount))
                .body("data[%d].balanceBefore".formatted(line), equalTo(before))
                .body("data[%d].balanceAfter".formatted(line), equalTo(after))
                .body("data[%d].description".formatted(line), equalTo(description))
                .body("data[%d].sessionId".formatted(line), equalTo(session))
                .body("data[%d].transactionId".formatted(line), equalTo(payment));
    }

    @Test
    void showsAnAdjustmentInTheWallet() {
        Instant before = StripeSandbox.now();
        given("150");

        String at = lines("").body("data.size()", equalTo(1)).body("data[0].type", equalTo("adjustment"))
                .body("data[0].amount", equalTo("150.000000")).body("data[0].balanceBefore", equalTo("0.000000"))
                .body("data[0].balanceAfter", equalTo("150.000000")).body("data[0].description", equalTo("Goodwill"))
                .body("data[0]", not(hasKey("sessionId"))).extract().path("data[0].at");

        assertThat(Instant.parse(at)).isBetween(before, StripeSandbox.now());
    }

    @Test
    void turnsThePagesOfAWallet() {
        given("1");
        given("2");
        given("3");

        String next = lines("?limit=2").body("data.amount", equalTo(List.of("3.000000", "2.000000"))).extract().path("next");

        lines("?limit=2&after=" + next).body("data.amount", equalTo(List.of("1.000000"))).body("next", nullValue());
    }

    @Test
    void recordsWhoAdjusted() {
        given("7");

        assertThat(OwnerSql.rows(
                """
                        select a.adjusted_by::text as by, a.reason, l.action from audit_log l join credit_adjustments a on a.id = l.row_id
                         where l.table_name = 'credit_adjustments' and a.user_id = ?::uuid""",
                alice.id())).singleElement()
                .satisfies(row -> assertThat(row).containsEntry("by", Person.admin().id()).containsEntry("reason", "Goodwill")
                        .containsEntry("action", "insert"));
    }

    private ValidatableResponse given(String credits) {
        return adjusted(credits).statusCode(200);
    }

    private ValidatableResponse adjusted(String credits) {
        return Person.admin().posts("/v1/admin/users/" + alice.id() + "/credits",
                Map.of("credits", credits, "reason", "Goodwill"));
    }

    private String booked(Person coach) {
        return Marketplace.booked(alice, coach, Marketplace.freeTime(), 60);
    }

    private ValidatableResponse pays(String session) {
        return alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "credits"));
    }

    private String paid() {
        String session = booked(carol);
        pays(session).statusCode(200).body("status", equalTo("completed"));
        return session;
    }

    private static String payment(String session) {
        return Books.texts("select id::text from transactions where session_id = '" + session + "'").get(0);
    }

    private static void tookPlace(String session) {
        Marketplace.tookPlace(UUID.fromString(payment(session)));
    }

    private void holds(String balance, String deferred) {
        alice.gets("/v1/me/credits").statusCode(200).body("balance", equalTo(balance)).body("deferred", equalTo(deferred));
    }

    private void earns(String amount) {
        carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo(amount));
    }

    private ValidatableResponse lines(String parameters) {
        return alice.gets("/v1/me/credits/transactions" + parameters).statusCode(200);
    }

    private static List<String> transfers(String session) {
        return Books.texts("select s.status || ' ' || trim_scale(s.amount) from transfer_steps s join transactions t"
                + " on t.id = s.transaction_id where t.session_id = '" + session + "' order by s.created_at");
    }

    private static String revenue(String session) {
        return Books.texts("""
                select trim_scale(sum(e.amount)) from ledger_entries e join ledger_journals j on j.id = e.journal_id
                  join ledger_accounts a on a.id = e.account_id join transactions t on t.id = j.transaction_id
                 where a.kind = 'platform_revenue' and t.session_id = '%s'""".formatted(session)).get(0);
    }
}
