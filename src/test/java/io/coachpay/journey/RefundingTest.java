package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.coachpay.journey.Sale.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Payments are refunded, in whole and in parts, by any side; and each side gives its share, to the cent. */
@ServiceTest
class RefundingTest {

    @Inject
    Jobs jobs;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void refundsTwiceAPartAndThenTheRest() {
        Sale sale = Sale.of("10.01", "USD", 60);

        sale.refunded("3.33");
        sale.refunded("3.33");
        sale.isSoon("partially_refunded", "6.66");
        sale.isSettledSoon();
        soon().untilAsserted(() -> assertThat(sale.entries()).isEqualTo(Map.of("external", money("-3.35"), "platform_revenue",
                money("0.66"), "coach_pending", money("2.69"))));
        sale.refundRest().statusCode(201).body("amount.amount", equalTo("3.35")).body("reason",
                equalTo("It did not take place"));

        sale.isSoon("refunded", "10.01");
        sale.isSettledSoon();
        soon().untilAsserted(() -> assertThat(sale.entries()).isEmpty());
        Problem.is(sale.refund("0.01"), 422, "exceeds-remainder").body("remainder.amount", equalTo("0.00"))
                .body("remainder.currency", equalTo("USD"));
        sale.alice.gets("/v1/transactions/" + sale.payment).body("refunds.amount.amount", contains("3.33", "3.33", "3.35"))
                .body("refunds.status", contains("succeeded", "succeeded", "succeeded"));
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void refundsYen() {
        Sale sale = Sale.of("8000", "JPY", 50);

        sale.refunded("3000");

        sale.isSettledSoon();
        soon().untilAsserted(() -> assertThat(sale.entries()).isEqualTo(Map.of("external", money("-3667"), "platform_revenue",
                money("733"), "coach_pending", money("2934"))));
        sale.agrees();
        sale.carolHas("0", "2934");
    }

    @Test
    void refundsDinars() {
        Sale sale = Sale.of("12.350", "KWD", 75);
        Problem.is(sale.refund("0.005"), 422, "amount-not-chargeable");

        sale.refunded("5.000");

        sale.isSettledSoon();
        soon().untilAsserted(() -> assertThat(sale.entries()).isEqualTo(Map.of("external", money("-10.44"), "platform_revenue",
                money("2.09"), "coach_pending", money("8.35"))));
        sale.agrees();
        sale.carolHas("0.000", "8.350");
    }

    @Test
    void leavesACoachInDebtWhoWasPaidOut() {
        // The coach's future debt is reserved from the platform's balance, which others need too.
        Marketplace.toppedUp("usd", 20000);
        Sale sale = Sale.usual();
        sale.agrees();
        String account = sale.carol.gets("/v1/me/connected-account").extract().path("stripeAccountId");
        String payout = StripeSandbox.request().header("Stripe-Account", account).formParam("amount", 10000)
                .formParam("currency", "usd").post("/v1/payouts").then().statusCode(200).extract().path("id");
        StripeSandbox.control("/sandbox/payouts/" + payout + "/pay", Map.of()).statusCode(200);
        isPaidOutSoon(payout);

        Person.admin().posts("/v1/transactions/" + sale.payment + "/refunds", Map.of("reason", "It did not take place"))
                .statusCode(201);

        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees("coach_debt");
        sale.carolHas("0.00", "-100.00");
        sale.carol.gets("/v1/me/balance").body("find { it.currency == 'USD' }.totalEarnings.amount", equalTo("0.00"));
    }

    private static void isPaidOutSoon(String payout) {
        soon().untilAsserted(() -> assertThat(OwnerSql.rows("select status from payouts where stripe_payout_id = ?", payout))
                .extracting(row -> row.get("status")).containsExactly("paid"));
    }

    @Test
    void adoptsWhatWasRefundedInTheDashboardAndShowsWhatThePlatformBore() {
        Sale sale = Sale.usual();

        sale.refundInDashboard(2500);

        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        assertThat(sale.entries()).containsEntry("refund_clearing", money("-25")).containsEntry("coach_pending", money("100"));
        sale.carol.gets("/v1/transactions/" + sale.payment).body("refunds", hasSize(1))
                .body("refunds[0].reason", equalTo("stripe_dashboard")).body("refunds[0].status", equalTo("succeeded"));
        sale.agrees("refund_clearing");
    }

    @Test
    void takesWhatIsLeftOnceEverythingIsRefunded() {
        Sale sale = Sale.usual();
        sale.refundInDashboard(2500);
        sale.isSoon("partially_refunded", "25.00");

        sale.restRefunded();

        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        soon().untilAsserted(() -> assertThat(sale.entries()).isEmpty());
        assertThat(
                OwnerSql.rows("select kind, amount from transfer_steps where transaction_id = ? order by kind", sale.payment))
                .extracting(step -> step.get("kind")).containsExactly("fee_refund", "reversal");
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void refundsWhereThePlatformTakesNothing() {
        Sale sale = Sale.usual();
        OwnerSql.run("update coach_profiles set platform_fee_percentage = 0 where user_id = ?::uuid", sale.carol.id());
        UUID free = Marketplace.paid(sale.alice, sale.carol, 60);

        sale.carol.posts("/v1/transactions/" + free + "/refunds", Map.of("reason", "It did not take place")).statusCode(201);

        soon().untilAsserted(() -> sale.alice.gets("/v1/transactions/" + free).body("status", equalTo("refunded")));
        sale.agrees();
        sale.carolHas("0.00", "100.00");
    }

    @Test
    void neverGivesMoreBackThanWasPaidHoweverManyAskAtOnce() {
        Sale sale = Sale.usual();
        // So that the coach's funds are not what ends it: the parts of one refund are booked one after the other.
        Marketplace.paid(Person.called("bob"), sale.carol, 60);

        List<Integer> answers = AtOnce.times(50, () -> sale.refund("5.00").extract().statusCode());

        assertThat(answers).containsOnly(201, 422);
        assertThat(answers.stream().filter(answer -> answer == 201)).hasSize(25);
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        soon().untilAsserted(() -> assertThat(sale.entries()).isEmpty());
        sale.agrees();
    }

    @Test
    void refundsOnceAfterALostAnswer() {
        Sale sale = Sale.usual();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "lost_answer", "times": 1},
                              {"match": {"path": "/v1/refunds*"}, "do": "refuse"},
                              {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}],
                 "webhooks": [{"match": {"type": "refund.*"}, "do": "drop"},
                              {"match": {"type": "charge.refunded"}, "do": "drop"}]}""");
        sale.refund("25.00").statusCode(201).body("status", equalTo("requested"));
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(2));

        jobs.runNow("refund-check");

        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        assertThat(OwnerSql.rows("select 1 from refunds where transaction_id = ?", sale.payment)).hasSize(1);
        sale.agrees();
    }

    @Test
    void findsItsRefundBehindAnError() {
        Sale sale = Sale.usual();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "500_after", "times": 60}]}""");

        sale.refund("25.00").statusCode(201).body("status", equalTo("succeeded"));

        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void learnsFromStripeWhatNoWebhookTold() {
        Sale sale = Sale.usual();
        StripeSandbox.faults("{\"webhooks\": [{\"do\": \"drop\"}]}");
        sale.refundInDashboard(12500);

        Problem.is(sale.refundRest(), 422, "exceeds-remainder").body("remainder.amount", equalTo("0.00"));

        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        StripeSandbox.noFaults();
        assertThat(sale.entries()).isEmpty();
        sale.agrees();
    }
}
