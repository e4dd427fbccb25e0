package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;

/** Stripe refuses a refund because of something that we have not heard of: that is looked up before the refusal counts. */
@ServiceTest
class RefusedUnawareTest {

    private static final String UNTOLD = "{\"webhooks\": [{\"do\": \"drop\"}]}";

    @Inject
    Jobs jobs;

    private Sale sale;

    @BeforeEach
    void sell() {
        sale = Sale.usual();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void tellsTheCoachWhatIsLeftAfterARefundInTheDashboard() {
        refundedUntold(5000);

        Problem.is(sale.refundRest(), 422, "exceeds-remainder").body("remainder.amount", equalTo("75.00"));

        sale.isSoon("partially_refunded", "50.00");
        sale.restRefunded();
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void givesACancellationsPayerTheRestOfWhatIsDue() {
        refundedUntold(5000);

        cancel(sale.alice, "125.00");

        sale.isSoon("refunded", "125.00");
        assertThat(refunds()).containsExactlyInAnyOrder("succeeded 50", "refused 125", "succeeded 75");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void asksAgainForWhatIsDueOnceAnUntoldDisputeIsWon() {
        String dispute = disputedUntold(12500);
        cancel(sale.carol, "125.00");
        soon().untilAsserted(() -> assertThat(refunds()).containsExactly("refused 125"));
        StripeSandbox.noFaults();

        sale.decided(dispute, "won");

        sale.isSoon("refunded", "125.00");
        StripeSandbox.advance(Duration.ofDays(3));
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    @Test
    void asksForWhatTheBankHasNotTakenOnceAnUntoldDisputeIsLost() {
        String dispute = disputedUntold(5000);
        cancel(sale.carol, "125.00");
        soon().untilAsserted(() -> assertThat(refunds()).containsExactly("refused 125"));
        StripeSandbox.noFaults();

        sale.decided(dispute, "lost");

        sale.isSoon("partially_refunded", "75.00");
        assertThat(refunds()).containsExactlyInAnyOrder("refused 125", "succeeded 75");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void tellsTheCoachOfADisputeThatNobodyToldUs() {
        String dispute = disputedUntold(12500);

        Problem.is(sale.refund("25.00"), 409, "payment-disputed");

        StripeSandbox.noFaults();
        sale.decided(dispute, "won");
        StripeSandbox.advance(Duration.ofDays(3));
        sale.isSettledSoon();
        assertThat(refunds()).containsExactly("refused 25");
        sale.agrees();
    }

    @Test
    void followsARefundThatStripeHasMadeAfterAll() {
        sale.agrees();
        StripeSandbox.refuses("/v1/refunds", "not_today");
        String id = sale.refund("25.00").statusCode(201).body("status", equalTo("refused")).extract().path("id");
        StripeSandbox.noFaults();

        StripeSandbox.request().formParam("payment_intent", sale.paymentIntent()).formParam("amount", 2500)
                .formParam("reverse_transfer", true).formParam("refund_application_fee", true)
                .formParam("metadata[coachpay_id]", id).post("/v1/refunds").then().statusCode(200);

        sale.isSoon("partially_refunded", "25.00");
        assertThat(refunds()).containsExactly("succeeded 25");
        sale.isSettledSoon();
        sale.agrees();
    }

    @Test
    void findsWhatIsDueUntilItHasGoneBackWhateverElseIsRefunded() {
        StripeSandbox.refuses("/v1/refunds", "not_today");
        cancel(sale.carol, "125.00");
        soon().untilAsserted(() -> assertThat(refunds()).containsExactly("refused 125"));
        StripeSandbox.noFaults();
        StripeSandbox.request().formParam("payment_intent", sale.paymentIntent()).formParam("amount", 5000)
                .formParam("reverse_transfer", true).formParam("refund_application_fee", true).post("/v1/refunds").then()
                .statusCode(200);
        sale.isSoon("partially_refunded", "50.00");

        Findings.reconcile();

        assertThat(Findings.of(sale.payment)).contains("refused_refund");
        sale.restRefunded();
        sale.isSettledSoon();
        Findings.reconcile();
        assertThat(Findings.of(sale.payment)).isEmpty();
    }

    @Test
    void takesOverARefundInTheDashboardThatTookThePlaceOfTwoThatWait() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "error", "status": 400,
                               "type": "invalid_request_error", "code": "balance_insufficient", "message": "No."}]}""");
        sale.refund("100.00").statusCode(201).body("status", equalTo("requested"));
        sale.refund("25.00").statusCode(201).body("status", equalTo("requested"));
        refundedUntold(12500);

        OwnerSql.run("update refunds set check_at = created_at where transaction_id = ?", sale.payment);
        jobs.runNow("refund-check");

        soon().untilAsserted(
                () -> assertThat(refunds()).containsExactlyInAnyOrder("refused 100", "refused 25", "succeeded 125"));
        sale.isSoon("refunded", "125.00");
        sale.isSettledSoon();
        sale.agrees();
        sale.carolHas("0.00", "0.00");
    }

    /** Refunds this in Stripe's dashboard, with all that belongs to it, and no webhook arrives. */
    private void refundedUntold(long minor) {
        StripeSandbox.faults(UNTOLD);
        StripeSandbox.request().formParam("payment_intent", sale.paymentIntent()).formParam("amount", minor)
                .formParam("reverse_transfer", true).formParam("refund_application_fee", true).post("/v1/refunds").then()
                .statusCode(200);
        StripeSandbox.noFaults();
    }

    private String disputedUntold(long minor) {
        StripeSandbox.faults(UNTOLD);
        String charge = OwnerSql.rows("select stripe_charge_id as id from transactions where id = ?", sale.payment).get(0)
                .get("id").toString();
        return StripeSandbox.control("/sandbox/disputes", Map.of("charge", charge, "amount", minor)).statusCode(200).extract()
                .path("id");
    }

    private void cancel(Person who, String refund) {
        String session = OwnerSql.rows("select session_id as id from transactions where id = ?", sale.payment).get(0).get("id")
                .toString();
        who.posts("/v1/sessions/" + session + "/cancel").statusCode(200).body("refund.amount", equalTo(refund));
        jobs.runNow("refund-check");
    }

    private List<String> refunds() {
        return OwnerSql.rows("select status || ' ' || trim_scale(amount) as refund from refunds where transaction_id = ?",
                sale.payment).stream().map(row -> row.get("refund").toString()).toList();
    }
}
