package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.money;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.Management;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/**
 * A coach refunds up to what the coach has; an administrator decides about more, and the debt shows until it is earned back.
 */
@ServiceTest
class CoachDebtTest {

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void letsACoachRefundWhatTheCoachHas() {
        Person carol = paidOut("60.00");

        refund(carol, carol, null).statusCode(422).body("type", equalTo("urn:coachpay:problem:exceeds-coach-funds"))
                .body("possible.amount", equalTo("50.00")).body("possible.currency", equalTo("USD"));
        refund(carol, carol, "50.01").statusCode(422).body("possible.amount", equalTo("50.00"));
        refund(carol, carol, "50.00").statusCode(201);

        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo("60.00")));
        refund(carol, carol, "1.00").statusCode(422).body("possible.amount", equalTo("0.00"));
    }

    @Test
    void letsAnAdministratorRefundMoreAndTellsOfTheDebt() {
        Person carol = paidOut("100.00");
        String account = Earnings.account(carol);

        refund(Person.admin(), carol, null).statusCode(201);

        soon().untilAsserted(() -> assertThat(sum(carol)).isEqualByComparingTo("-100"));
        String mine = "data.find { it.coachId == '" + carol.id() + "' }";
        Person.admin().gets("/v1/admin/coaches/debts?limit=100").statusCode(200).body(mine + ".debt.amount", equalTo("100.00"))
                .body(mine + ".currency", equalTo("USD")).body(mine + ".account", equalTo(account))
                .body(mine + ".since", notNullValue());
        assertThat(Management.get("/q/metrics").asString()).contains("coachpay_coach_debt{",
                "coachpay_coach_debtors{");
        Findings.reconcile();
        assertThat(Findings.open(account)).as("not within a day")
                .noneMatch(finding -> "coach_debt".equals(finding.get("kind")));

        StripeSandbox.advance(Duration.ofHours(25));
        Findings.reconcile();

        Map<String, Object> debt = Findings.open(account, "coach_debt");
        assertThat(Findings.amount(debt)).isEqualTo("-100.00 USD");
        assertThat(debt).containsEntry("cause", "short_of_funds");
    }

    @Test
    void neverPaysOutAndRefundsTheSameMoney() {
        Person carol = Earnings.coachWith100("monthly", "500.00");

        List<Callable<Integer>> works = List.of(
                () -> carol.posts("/v1/me/payouts", Map.of("method", "standard")).extract().statusCode(),
                () -> refund(carol, carol, null).extract().statusCode());
        List<Integer> answers = AtOnce.all(works);

        assertThat(answers).as("one of the two is refused").satisfiesAnyOf(
                all -> assertThat(all.get(0)).isGreaterThanOrEqualTo(400),
                all -> assertThat(all.get(1)).isEqualTo(422));
        soon().untilAsserted(() -> assertThat(sum(carol)).isBetween(BigDecimal.ZERO, BigDecimal.ZERO));
    }

    @Test
    void countsAndKeepsWhatARefundIsAboutToTake() {
        Marketplace.toppedUp("usd", 50000);
        Person carol = paidOut("100.00");
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");
        List<String> payments = carol.gets("/v1/transactions").statusCode(200).extract().path("data.id");
        StripeSandbox.faults("""
                {"webhooks": [{"do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/transfers*"}, "do": "500_before"},
                              {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""");

        refund(carol, payments.get(1), "75.00").statusCode(201).body("status", equalTo("succeeded"));

        refund(carol, payments.get(0), "50.01").statusCode(422).body("possible.amount", equalTo("50.00"));
        payout(carol, "40.01").statusCode(422).body("available.amount", equalTo("40.00"));
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("100.00"))
                .body("[0].nextPayout.blockedBy", equalTo("below_minimum"));

        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(61));
        Earnings.availableSoon(carol, "USD", "40.00");
        payout(carol, "40.00").statusCode(201);
        assertThat(sum(carol)).isZero();
    }

    /** Stripe reports a refund's reversal before the fee that goes back with it. */
    @Test
    void countsTheFeeThatIsStillToComeBack() {
        Person carol = Earnings.coachWith100("monthly", "500.00");
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "application_fee.refunded"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/application_fees*"}, "do": "500_before"},
                              {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""");
        refund(carol, carol, "62.50").statusCode(201).body("status", equalTo("succeeded"));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo("37.50")));

        refund(carol, carol, null).statusCode(201).body("amount.amount", equalTo("62.50"));

        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(61));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].totalEarnings.amount", equalTo("0.00")));
    }

    @Test
    void keepsWhatADisputeIsAboutToTake() {
        Marketplace.toppedUp("usd", 50000);
        Person carol = paidOut("100.00");
        String payment = carol.gets("/v1/transactions").statusCode(200).extract().path("data[0].id");
        StripeSandbox.refuses("/v1/transfers/*", "balance_insufficient");
        StripeSandbox.control("/sandbox/disputes", Map.of("charge", Books.texts(
                "select stripe_charge_id from transactions where id = '" + payment + "'").get(0), "amount", 12500))
                .statusCode(200);
        soon().until(() -> Books.texts("select status from transfer_steps where transaction_id = '" + payment + "'")
                .equals(List.of("waiting_for_funds")));

        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "100.00");

        payout(carol, "40.00").statusCode(422).body("available.amount", equalTo("0.00"));
        carol.gets("/v1/me/balance").body("[0].available.amount", equalTo("100.00"))
                .body("[0].held.amount", equalTo("0.00"));
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofHours(6));
        soon().untilAsserted(() -> assertThat(sum(carol)).isZero());
    }

    /** A coach who earned 100.00 and was paid out this much of it. */
    private static Person paidOut(String amount) {
        Person carol = Earnings.coachWith100("monthly", "500.00");
        payout(carol, amount).statusCode(201);
        return carol;
    }

    private static ValidatableResponse payout(Person coach, String amount) {
        return coach.posts("/v1/me/payouts", Map.of("method", "standard", "amount", money(amount, "USD")));
    }

    private static ValidatableResponse refund(Person by, Person coach, @Nullable String amount) {
        return refund(by, coach.gets("/v1/transactions").statusCode(200).extract().<String> path("data[0].id"), amount);
    }

    private static ValidatableResponse refund(Person by, String payment, @Nullable String amount) {
        Map<String, ?> form = amount == null ? Map.of("reason", "It did not help")
                : Map.of("reason", "It did not help", "amount", money(amount, "USD"));
        return by.posts("/v1/transactions/" + payment + "/refunds", form);
    }

    /** The coach's money at Stripe. */
    private static BigDecimal sum(Person coach) {
        String[] accounts = Earnings.accounts(coach, "USD").split(" ");
        return new BigDecimal(accounts[0]).add(new BigDecimal(accounts[1]));
    }
}
