package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** A call that moves money has no answer yet, and meanwhile an administrator decides. */
@ServiceTest
class UnansweredTest {

    /** Requests that a call may become that was under way at the decision. */
    private static final int A_CALL = 3;
    private static final Duration SLOWLY = Duration.ofSeconds(8);

    private Sale sale;

    @BeforeEach
    void sell() {
        sale = Sale.usual();
        sale.agrees();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void makesOneRefundAlsoWhereItIsRetriedMeanwhile() {
        CompletableFuture<ValidatableResponse> asking = refundingSlowly();

        decides("refunds", refund(), "retry").statusCode(200).body("status", equalTo("succeeded"));

        asking.join().statusCode(201);
        assertThat(refundsAtStripe()).hasSize(1);
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void makesOneRefundAlsoWhereThePlatformIsToPayItMeanwhile() {
        CompletableFuture<ValidatableResponse> asking = refundingSlowly();

        Problem.is(decides("refunds", refund(), "platform-pays"), 409, "refund-under-way");

        asking.join().statusCode(201);
        assertThat(refundsAtStripe()).hasSize(1);
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "80.00");
    }

    @Test
    void sendsOnceAlsoWhereItIsRetriedMeanwhile() {
        // Enough for two: otherwise the second would merely wait for funds.
        Marketplace.toppedUp("usd", 60000);
        StripeSandbox.faults(slow("/v1/transfers"));
        String step = won();
        stripeIsAsked();
        long asked = System.nanoTime();

        decides("transfers", step, "retry").statusCode(200).body("status", equalTo("created"));

        // By then Stripe has answered the first call as well.
        soon().until(() -> System.nanoTime() - asked > SLOWLY.plusSeconds(1).toNanos());
        sale.isSettledSoon();
        List<Object> sent = StripeSandbox.request().queryParam("transfer_group", sale.payment).get("/v1/transfers").then()
                .statusCode(200).extract().path("data");
        assertThat(sent).as("with the payment's own").hasSize(2);
        sale.agrees();
        sale.carolHas("0.00", "100.00");
    }

    @Test
    void makesNoRefundThatIsWithdrawnMeanwhile() {
        StripeSandbox.faults(keyInUse("/v1/refunds"));
        CompletableFuture<ValidatableResponse> asking = CompletableFuture.supplyAsync(() -> sale.refund("100.00"));
        stripeIsAsked();

        decides("refunds", refund(), "withdraw").statusCode(200).body("status", equalTo("refused"));
        int then = asked();
        soon().until(() -> asking.isDone() || asked() > then + A_CALL);
        StripeSandbox.noFaults();

        asking.join().statusCode(201).body("status", equalTo("refused")).body("failureCode", equalTo("withdrawn"));
        assertThat(refundsAtStripe()).isEmpty();
        sale.restRefunded();
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void sendsNothingThatIsWithdrawnMeanwhile() {
        Marketplace.toppedUp("usd", 20000);
        StripeSandbox.faults(keyInUse("/v1/transfers"));
        String step = won();
        stripeIsAsked();

        decides("transfers", step, "withdraw").statusCode(200).body("status", equalTo("refused"));

        int then = asked();
        await().during(Duration.ofSeconds(8)).atMost(Duration.ofSeconds(30)).until(() -> asked() <= then + A_CALL);
        assertThat(OwnerSql.rows("select status, stripe_id from transfer_steps where id = ?::uuid", step).toString())
                .contains("status=refused", "stripe_id=null");
    }

    /** A refund that Stripe is slow to make. */
    private CompletableFuture<ValidatableResponse> refundingSlowly() {
        StripeSandbox.faults(slow("/v1/refunds"));
        CompletableFuture<ValidatableResponse> asking = CompletableFuture.supplyAsync(() -> sale.refund("25.00"));
        stripeIsAsked();
        return asking;
    }

    /** The dispute's end gives the coach 100.00 again; the transfer request for it. */
    private String won() {
        String dispute = sale.disputed(12500);
        sale.isSettledSoon();
        sale.decided(dispute, "won");
        String rows = "select id from transfer_steps where transaction_id = ? and purpose = 'dispute_won'";
        soon().until(() -> !OwnerSql.rows(rows, sale.payment).isEmpty());
        return OwnerSql.rows(rows, sale.payment).get(0).get("id").toString();
    }

    private String refund() {
        return OwnerSql.rows("select id from refunds where transaction_id = ?", sale.payment).get(0).get("id").toString();
    }

    private List<Map<String, Object>> refundsAtStripe() {
        return StripeSandbox.request().queryParam("payment_intent", sale.paymentIntent()).get("/v1/refunds").then()
                .statusCode(200).extract().path("data");
    }

    private static ValidatableResponse decides(String of, String id, String what) {
        return Person.admin().posts("/v1/admin/" + of + "/" + id + "/" + what);
    }

    private static void stripeIsAsked() {
        soon().until(() -> asked() >= 1);
    }

    /** The number of calls of the kind in the fault plan. */
    private static int asked() {
        return StripeSandbox.request().get("/sandbox/faults").then().extract().path("requests[0].applied");
    }

    private static String slow(String path) {
        return """
                {"requests": [{"match": {"method": "POST", "path": "%s"}, "do": "latency", "millis": %d, "times": 1}]}"""
                .formatted(path, SLOWLY.toMillis());
    }

    private static String keyInUse(String path) {
        return """
                {"requests": [{"match": {"method": "POST", "path": "%s"}, "do": "error", "status": 409,
                               "type": "idempotency_error", "code": "idempotency_key_in_use", "message": "In use."}]}"""
                .formatted(path);
    }
}
