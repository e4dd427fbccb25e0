package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.money;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Management;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.response.ValidatableResponse;

/** A coach asks for an instant payout, is shown the fee before, and bears it; a standard payout costs nothing. */
@ServiceTest
class PayoutFeeTest {

    private static final String PAYOUTS = "/v1/me/payouts";
    private static final String DEBIT_AWAY = """
            {"requests": [{"match": {"method": "POST", "path": "/v1/transfers"}, "do": "refuse"}]}""";

    @Inject
    Jobs jobs;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        StripeSandbox.restoresKey();
    }

    @Test
    void takesTheFeeOfAllThereIsFromAllThereIs() {
        Person carol = instantCoach();
        carol.gets(PAYOUTS + "/quote").statusCode(200).body("amount.amount", equalTo("99.01"))
                .body("fee.amount", equalTo("0.99")).body("borneBy", equalTo("coach")).body("method", equalTo("instant"))
                .body("fallbackReason", nullValue());

        asks(carol, null).body("amount.amount", equalTo("99.01")).body("fee.amount", equalTo("0.99"));

        Earnings.becomesSoon(carol, "99.01 in_transit instant coach");
        assertThat(fees(carol)).containsExactly("0.99 taken");
        Books.closeFor(carol);
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 0 99.01 0");
        Findings.importNow("platform");
        assertThat(costs(carol)).containsExactly("instant_fee 0.99", "stripe_fee -0.99");
        assertThat(Findings.open(Earnings.account(carol))).isEmpty();
        carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo("99.01"));
    }

    @Test
    void takesTheFeeBesidesTheAmount() {
        Person carol = instantCoach();
        carol.gets(PAYOUTS + "/quote?amount=80.00").statusCode(200).body("amount.amount", equalTo("80.00"))
                .body("fee.amount", equalTo("0.80"));

        asks(carol, "80.00");

        Earnings.becomesSoon(carol, "80 in_transit instant coach");
        Books.closeFor(carol);
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("19.20"));
        carol.gets("/v1/me/balance/explain").statusCode(200).body("lines.kind", hasItem("instant_fee"))
                .body("lines.find { it.kind == 'instant_fee' }.amount.amount", equalTo("-0.80"));
        String month = StripeSandbox.now().toString().substring(0, 7);
        carol.gets("/v1/me/statements/" + month).statusCode(200).body("payouts.amount", equalTo("-80.80"));
        carol.posts(PAYOUTS, Map.of("method", "standard")).statusCode(201).body("amount.amount", equalTo("19.20"))
                .body("fee.amount", equalTo("0.00"));
        assertThat(Earnings.items(carol)).containsExactly("80", "20", "-0.8");
        assertThat(Explained.reads(carol, PAYOUTS + "/" + Earnings.newest(carol).getString("id") + "/explain").lines())
                .containsOnlyOnce("instant_fee -0.80");
        Books.closeFor(carol);
    }

    @Test
    void refusesWhatLeavesTooLittleForTheFee() {
        Person carol = instantCoach();

        carol.posts(PAYOUTS, Map.of("method", "instant", "amount", money("99.02", "USD"))).statusCode(422)
                .body("type", equalTo("urn:coachpay:problem:exceeds-available")).body("available.amount", equalTo("99.01"));
        carol.gets(PAYOUTS + "/quote?method=instant&amount=99.02&currency=USD").statusCode(422)
                .body("available.amount", equalTo("99.01"));
        carol.gets(PAYOUTS + "/quote?method=standard").statusCode(200).body("amount.amount", equalTo("100.00"))
                .body("fee.amount", equalTo("0.00"));
        carol.gets(PAYOUTS + "/quote?method=pigeon").statusCode(400);
        carol.gets(PAYOUTS + "/quote?amount=1").statusCode(400);

        assertThat(Earnings.payouts(carol)).isEmpty();
    }

    @Test
    void takesNoFeeForAPayoutThatBecomesAUsualOne() {
        Person carol = instantCoach();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payouts"}, "do": "error", "times": 1, "status": 400,
                  "type": "invalid_request_error", "code": "instant_payouts_unsupported", "message": "No."}]}""");

        asks(carol, null).body("method", equalTo("standard")).body("fee.amount", equalTo("0.00"));

        Earnings.becomesSoon(carol, "99.01 pending standard destination_not_eligible coach");
        Books.closeFor(carol);
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("0.99"));
        assertThat(costs(carol)).isEmpty();
    }

    @Test
    void keepsTheFeeWhenThePayoutComesBack() {
        Person carol = instantCoach();
        asks(carol, null);
        String payout = Earnings.newest(carol).getString("stripePayoutId");

        StripeSandbox.control("/sandbox/payouts/" + payout + "/fail", Map.of("code", "no_account")).statusCode(200);

        Earnings.becomesSoon(carol, "99.01 failed instant coach");
        Books.closeFor(carol);
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 99.01 0 0");
    }

    @Test
    void keepsTheFeesMoneyUntilStripeTakesIt() {
        Person carol = instantCoach();
        StripeSandbox.faults(DEBIT_AWAY);
        asks(carol, "80.00");
        assertThat(fees(carol)).containsExactly("0.8 open");

        carol.posts(PAYOUTS, Map.of("method", "standard", "amount", money("19.21", "USD"))).statusCode(422)
                .body("available.amount", equalTo("19.20"));
        carol.posts(PAYOUTS, Map.of("method", "standard")).statusCode(201).body("amount.amount", equalTo("19.20"));
        StripeSandbox.noFaults();
        checks(carol, "0.8 taken");

        assertThat(debits(carol)).containsExactly(80);
        Books.closeFor(carol);
        assertThat(Earnings.accounts(carol, "USD")).startsWith("0 0 ");
    }

    @Test
    void takesTheFeeOnceThoughTheAnswerIsLost() {
        Person carol = instantCoach();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/transfers"}, "do": "lost_answer", "times": 1},
                              {"match": {"path": "/v1/transfers*"}, "do": "refuse"}]}""");
        asks(carol, "80.00");
        assertThat(fees(carol)).containsExactly("0.8 open");
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("20.00"));

        StripeSandbox.noFaults();
        checks(carol, "0.8 taken");

        assertThat(debits(carol)).containsExactly(80);
        Books.closeFor(carol);
    }

    @Test
    void letsNobodyBookByHandWhatMayBeTheFee() {
        Person carol = instantCoach();
        String account = Earnings.account(carol);
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/transfers"}, "do": "lost_answer", "times": 1},
                              {"match": {"path": "/v1/transfers"}, "do": "refuse"}]}""");
        asks(carol, "80.00");
        Findings.importNow(account);
        StripeSandbox.advance(Duration.ofMinutes(20));
        Findings.reconcile();
        String finding = Findings.id(Findings.open(account, "unbooked"));

        Problem.is(Findings.admin().posts("/v1/admin/reconciliation/findings/" + finding + "/book",
                Map.of("reason", "Seen at Stripe")), 409, "finding-expected");

        StripeSandbox.noFaults();
        checks(carol, "0.8 taken");
        Books.closeFor(carol);
    }

    @Test
    void looksForTheFeeWhereTheKeyIsSpent() {
        Person carol = instantCoach();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/transfers"}, "do": "500_after", "times": 1}]}""");

        asks(carol, "80.00");

        checks(carol, "0.8 taken");
        assertThat(debits(carol)).containsExactly(80);
        Books.closeFor(carol);
    }

    @Test
    void bearsTheFeeThatStripeRefusesToTake() {
        Person carol = instantCoach();
        StripeSandbox.refuses("/v1/transfers", "transfers_not_allowed");

        asks(carol, "80.00");

        assertThat(fees(carol)).containsExactly("0.8 transfers_not_allowed");
        Books.closeFor(carol, "refused_payout_fee");
        Map<String, Object> finding = Findings.open(Earnings.account(carol), "refused_payout_fee");
        assertThat(Findings.amount(finding)).isEqualTo("0.80 USD");
        assertThat(debits(carol)).isEmpty();
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("20.00"));
    }

    @Test
    void waitsForFundsThatSomebodyTookBeforeTheFee() {
        Person carol = instantCoach();
        StripeSandbox.refuses("/v1/transfers", "balance_insufficient");
        asks(carol, "80.00");
        assertThat(fees(carol)).containsExactly("0.8 open");
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("20.00"));
        carol.gets(PAYOUTS + "/quote?method=standard").body("amount.amount", equalTo("19.20"));
        StripeSandbox.noFaults();

        checks(carol, "0.8 taken");

        assertThat(debits(carol)).containsExactly(80);
        Books.closeFor(carol);
    }

    @Test
    void tellsOfAFeeThatWaitsAndGivesItUpInTheEnd() {
        Person carol = instantCoach();
        StripeSandbox.refuses("/v1/transfers", "balance_insufficient");
        asks(carol, "80.00");
        OwnerSql.run("update payouts set created_at = created_at - interval '2 days' where user_id = ?::uuid", carol.id());
        Findings.reconcile();
        Map<String, Object> waiting = Findings.open(Earnings.account(carol), "waiting_payout_fee");
        assertThat(Findings.amount(waiting)).isEqualTo("0.80 USD");
        soon().untilAsserted(() -> assertThat(Management.get("/q/metrics").asString())
                .containsPattern("coachpay_waiting_count\\{what=\"payout_fee\",?\\} [1-9]"));

        OwnerSql.run("update payouts set created_at = created_at - interval '30 days' where user_id = ?::uuid", carol.id());
        checks(carol, "0.8 balance_insufficient");

        Books.closeFor(carol, "refused_payout_fee");
        carol.gets(PAYOUTS + "/quote?method=standard").body("amount.amount", equalTo("20.00"));
    }

    @Test
    void bearsTheFeeOfACoachWhoDisconnected() {
        Person carol = instantCoach();
        String account = Earnings.account(carol);
        StripeSandbox.faults(DEBIT_AWAY);
        asks(carol, "80.00");
        StripeSandbox.noFaults();
        Findings.importNow(account);

        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
        checks(carol, "0.8 account_invalid");

        Findings.reconcile();
        assertThat(Findings.amount(Findings.open(account, "refused_payout_fee"))).isEqualTo("0.80 USD");
        Books.closeFor(carol, "deauthorized", "refused_payout_fee");
    }

    @Test
    void waitsForAKeyThatMayTakeIt() {
        Person carol = instantCoach();
        StripeSandbox.restrictsKey("/v1/transfers");
        asks(carol, "80.00").body("status", equalTo("in_transit"));
        assertThat(fees(carol)).containsExactly("0.8 open");

        StripeSandbox.restoresKey();
        checks(carol, "0.8 taken");

        assertThat(debits(carol)).containsExactly(80);
        Books.closeFor(carol);
    }

    @Test
    void keepsTheFeeFromBeingRefunded() {
        Person carol = instantCoach();
        UUID payment = Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "200.00");
        StripeSandbox.faults(DEBIT_AWAY);
        asks(carol, "100.00");

        Map<String, Object> refund = Map.of("reason", "goodwill", "amount", money("125.00", "USD"));
        carol.posts("/v1/transactions/" + payment + "/refunds", refund).statusCode(422)
                .body("type", equalTo("urn:coachpay:problem:exceeds-coach-funds"));
    }

    @Test
    void saysThatThePlatformBearsWhatNobodyCanTake() {
        Person carol = Marketplace.coach("carol", "100.00", "EUR");
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "EUR", "100.00");
        Marketplace.paidOut(carol, "monthly", "500.00");
        Earnings.bank(carol, Map.of("currency", "eur", "instant", true));
        carol.gets(PAYOUTS + "/quote").statusCode(200).body("amount.amount", equalTo("100.00"))
                .body("fee.amount", equalTo("1.00")).body("borneBy", equalTo("platform"));

        asks(carol, null).body("amount.amount", equalTo("100.00")).body("fee.amount", equalTo("0.00"));

        Earnings.becomesSoon(carol, "100 in_transit instant coach");
        assertThat(fees(carol)).isEmpty();
        Books.closeFor(carol);
    }

    private static Person instantCoach() {
        Person carol = Earnings.coachWith100("monthly", "500.00");
        Earnings.bank(carol, Map.of("instant", true));
        return carol;
    }

    private static ValidatableResponse asks(Person coach, @Nullable String amount) {
        return coach.posts(PAYOUTS, amount == null ? Map.of("method", "instant")
                : Map.of("method", "instant", "amount", money(amount, "USD"))).statusCode(201);
    }

    /** Lets time pass and the job run, until the fees are in these states. */
    private void checks(Person coach, String... expected) {
        soon().untilAsserted(() -> {
            StripeSandbox.advance(Duration.ofMinutes(1));
            jobs.runNow("payout-check");
            assertThat(fees(coach)).containsExactly(expected);
        });
    }

    /** Coaches' fees for their instant payouts, and their states. */
    private static List<String> fees(Person coach) {
        return texts("""
                select concat_ws(' ', trim_scale(fee), case when stripe_fee_transfer_id is not null then 'taken'
                         else coalesce(fee_refusal, 'open') end) as text
                  from payouts where user_id = ?::uuid and fee > 0 order by id""", coach);
    }

    /** Cost and fee of the coach's newest payout for the platform, as booked. */
    private static List<String> costs(Person coach) {
        String payout = Earnings.newest(coach).getString("stripePayoutId");
        String charged = StripeSandbox.request().queryParam("type", "stripe_fee").queryParam("limit", 100)
                .get("/v1/balance_transactions").then().statusCode(200).extract()
                .path("data.find { it.description.endsWith('" + payout + "') }?.id");
        return OwnerSql.rows("""
                select j.kind || ' ' || trim_scale(e.amount) as text
                  from ledger_entries e join ledger_accounts a on a.id = e.account_id and a.kind = 'stripe_fees'
                  join ledger_journals j on j.id = e.journal_id
                 where j.kind = 'instant_fee' and j.reference in (
                       select stripe_fee_transfer_id from payouts where user_id = ?::uuid)
                    or j.kind = 'stripe_fee' and j.reference = ?
                 order by 1""", coach.id(), charged).stream().map(row -> row.get("text").toString()).toList();
    }

    /** Stripe's debits of the account, in its smallest unit. */
    private static List<Integer> debits(Person coach) {
        return StripeSandbox.request().header("Stripe-Account", Earnings.account(coach)).get("/v1/transfers").then()
                .statusCode(200).extract().path("data.amount");
    }

    private static List<String> texts(String query, Person coach) {
        return OwnerSql.rows(query, coach.id()).stream().map(row -> row.get("text").toString()).toList();
    }
}
