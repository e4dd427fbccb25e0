package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Coaches are paid on their day, once, and to the cent; or it is said why not. */
@ServiceTest
class PayoutRunTest {

    @Inject
    Jobs jobs;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void paysOnTheDueDayAndNotBefore() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).isEmpty();
        carol.gets("/v1/me/balance").body("[0].nextPayout.amount.amount", equalTo("100.00"))
                .body("[0].nextPayout.blockedBy", nullValue());

        StripeSandbox.advance(Duration.ofDays(7));
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("100");
        Books.closeFor(carol);
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.becomesSoon(carol, "100 paid standard run");
        assertThat(Earnings.accounts(carol, "USD")).isEqualTo("0 0 0 100");
        Books.closeFor(carol);
    }

    @Test
    void makesOnePayoutOfFourRunsAndARequestAtOnce() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        jobs.runNow("payout-run");
        StripeSandbox.advance(Duration.ofDays(1));
        List<Callable<Integer>> works = Stream.concat(
                Collections.<Callable<Integer>> nCopies(4, () -> {
                    jobs.runNow("payout-run");
                    return 0;
                }).stream(),
                Stream.<Callable<Integer>> of(() -> carol.posts("/v1/me/payouts", Map.of("method", "standard")).extract()
                        .statusCode()))
                .toList();

        List<Integer> answers = AtOnce.all(works);

        assertThat(answers.get(4)).isIn(201, 202, 409);
        soon().untilAsserted(() -> assertThat(Earnings.payouts(carol)).hasSize(1));
        assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
        Books.closeFor(carol);
    }

    @Test
    void waitsForTheMinimum() {
        Person carol = Earnings.coachWith100("daily", "150.00");
        jobs.runNow("payout-run");
        StripeSandbox.advance(Duration.ofDays(1));
        jobs.runNow("payout-run");
        carol.gets("/v1/me/balance").body("[0].nextPayout.blockedBy", equalTo("below_minimum"));
        assertThat(Earnings.payouts(carol)).isEmpty();

        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "200.00");
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).as("the day was dealt with").isEmpty();
        StripeSandbox.advance(Duration.ofDays(1));
        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "200 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("100", "100");
    }

    @Test
    void paysInstantlyAsSoonAsThereIsSomething() {
        Person carol = Earnings.coachWith100("instant", "999.00");
        Earnings.bank(carol, Map.of("instant", true));
        Marketplace.paidOut(carol, "instant", "100.00");

        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 in_transit instant run");
        StripeSandbox.advance(Duration.ofHours(1));
        Earnings.becomesSoon(carol, "100 paid instant run");
        Books.closeFor(carol);
    }

    @Test
    void fallsBackToAUsualPayoutWhereTheBankIsTooSlow() {
        Person carol = Earnings.coachWith100("instant", "100.00");

        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard destination_not_eligible run");
        assertThat(Earnings.newest(carol).getString("fallbackReason")).isEqualTo("destination_not_eligible");
    }

    @Test
    void fallsBackWhenStripeRefusesAfterAll() {
        Person carol = Earnings.coachWith100("instant", "999.00");
        Earnings.bank(carol, Map.of("instant", true));
        jobs.runNow("payout-run");
        StripeSandbox.faults(refusals("instant_payouts_unsupported", 1));
        Marketplace.paidOut(carol, "instant", "100.00");

        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 pending standard destination_not_eligible run");
        assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
        Books.closeFor(carol);
    }

    @Test
    void triesTheSameDayAgainAfterARefusal() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        jobs.runNow("payout-run");
        StripeSandbox.faults(refusals("payouts_not_allowed", 1000));
        StripeSandbox.advance(Duration.ofDays(7));

        jobs.runNow("payout-run");

        Earnings.becomesSoon(carol, "100 refused standard run");
        assertThat(Earnings.items(carol)).isEmpty();
        carol.gets("/v1/me/balance").body("[0].lastFailure.failureCode", equalTo("payouts_not_allowed"));
        jobs.runNow("payout-run");
        assertThat(Earnings.payouts(carol)).as("not at once").hasSize(1);
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payout-run");
        Earnings.becomesSoon(carol, "100 refused standard run", "100 pending standard run");
        Books.closeFor(carol);
    }

    @Test
    void leavesANegativeBalanceAloneUntilItIsEarnedBack() {
        Person carol = Earnings.coachWith100("daily", "100.00");
        String payment = carol.gets("/v1/transactions").extract().path("data[0].stripePaymentIntentId");
        jobs.runNow("payout-run");
        nextDay();
        Earnings.becomesSoon(carol, "100 pending standard run");
        StripeSandbox.advance(Duration.ofDays(3));
        Earnings.becomesSoon(carol, "100 paid standard run");

        StripeSandbox.request().formParam("payment_intent", payment).formParam("reverse_transfer", "true")
                .formParam("refund_application_fee", "true").post("/v1/refunds").then().statusCode(200);
        Earnings.availableSoon(carol, "USD", "-100.00");
        carol.gets("/v1/me/balance").body("[0].nextPayout.blockedBy", equalTo("negative_balance"));
        earnsAndWaits(carol, 36, "-52.00", "negative_balance");
        earnsAndWaits(carol, 75, "48.00", "below_minimum");
        Earnings.paid(carol);
        Earnings.availableSoon(carol, "USD", "148.00");
        nextDay();

        Earnings.becomesSoon(carol, "100 paid standard run", "148 pending standard run");
        assertThat(Earnings.items(carol)).containsExactly("100", "-100", "48", "100", "100");
        Books.closeFor(carol);
    }

    private void earnsAndWaits(Person coach, int minutes, String available, String reason) {
        Earnings.paid(coach, minutes);
        Earnings.availableSoon(coach, "USD", available);
        nextDay();
        coach.gets("/v1/me/balance").body("[0].nextPayout.blockedBy", equalTo(reason));
        assertThat(Earnings.payouts(coach)).hasSize(1);
    }

    @Test
    void waitsForABankAccount() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        jobs.runNow("payout-run");
        Earnings.bank(carol, Map.of("remove", true));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance")
                .body("[0].nextPayout.blockedBy", equalTo("no_bank_account_for_currency")));
        nextDay();
        assertThat(Earnings.payouts(carol)).isEmpty();

        Earnings.bank(carol, Map.of("currency", "usd"));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").body("[0].nextPayout.blockedBy", nullValue()));
        nextDay();

        Earnings.becomesSoon(carol, "100 pending standard run");
    }

    @Test
    void attemptsNothingOnADisconnectedAccount() {
        Person carol = Earnings.coachWith100("daily", "50.00");
        jobs.runNow("payout-run");
        StripeSandbox.control("/sandbox/accounts/" + Earnings.account(carol) + "/deauthorize", Map.of()).statusCode(200);
        soon().untilAsserted(() -> carol.gets("/v1/me/balance")
                .body("[0].nextPayout.blockedBy", equalTo("account_deauthorized")));

        nextDay();
        jobs.runNow("payout-sync");
        jobs.runNow("payout-check");

        assertThat(Earnings.payouts(carol)).isEmpty();
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(409)
                .body("reasons", equalTo(List.of("account_deauthorized")));
    }

    private void nextDay() {
        StripeSandbox.advance(Duration.ofDays(1));
        jobs.runNow("payout-run");
    }

    /** Stripe refuses so many payouts, whoever they are for. */
    private static String refusals(String code, int times) {
        return """
                {"requests": [{"match": {"method": "POST", "path": "/v1/payouts"}, "do": "error", "times": %d, "status": 400,
                               "type": "invalid_request_error", "code": "%s", "message": "No."}]}""".formatted(times, code);
    }
}
