package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

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

/**
 * Stripe has made an object, the answer was lost, and a later version of the service asks in another form under the same key.
 * Stripe's complaint about that is not a refusal of the request.
 */
@ServiceTest
class OtherFormTest {

    private static final String COMPLAINS = """
            {"requests": [{"match": {"method": "POST", "path": "%s"}, "do": "error", "status": 400, "type": "idempotency_error",
                           "message": "Keys for idempotent requests can only be used with the same parameters."},
                          {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}],
             "webhooks": [{"match": {"type": "*"}, "do": "drop"}]}""";

    private static final String LOSES = """
            {"requests": [{"match": {"method": "POST", "path": "%s"}, "do": "lost_answer", "times": 1},
                          {"match": {"method": "POST", "path": "%s"}, "do": "refuse"},
                          {"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}],
             "webhooks": [{"match": {"type": "*"}, "do": "drop"}]}""";

    @Inject
    Jobs jobs;

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void findsTheRefundThatWasMade() {
        Sale sale = Sale.usual();
        StripeSandbox.faults(LOSES.formatted("/v1/refunds", "/v1/refunds"));
        sale.refund("25.00").statusCode(201).body("status", equalTo("requested"));

        StripeSandbox.faults(COMPLAINS.formatted("/v1/refunds"));
        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("refund-check");

        soon().untilAsserted(() -> assertThat(
                OwnerSql.rows("select status from refunds where transaction_id = ?", sale.payment))
                .containsExactly(Map.of("status", "succeeded")));
        List<Object> atStripe = StripeSandbox.request().queryParam("payment_intent", sale.paymentIntent()).get("/v1/refunds")
                .then().statusCode(200).extract().path("data");
        assertThat(atStripe).hasSize(1);
        sale.refund("110.00").statusCode(422);
    }

    @Test
    void findsThePayoutThatWasMade() {
        Person carol = Earnings.coachWith100("weekly", "50.00");
        StripeSandbox.faults(LOSES.formatted("/v1/payouts", "/v1/payouts"));
        carol.posts("/v1/me/payouts", Map.of("method", "standard")).statusCode(202);

        StripeSandbox.faults(COMPLAINS.formatted("/v1/payouts"));
        StripeSandbox.advance(Duration.ofMinutes(2));
        jobs.runNow("payout-check");

        Earnings.becomesSoon(carol, "100 pending standard coach");
        assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
    }
}
