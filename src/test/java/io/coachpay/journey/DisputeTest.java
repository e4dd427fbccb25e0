package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

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
import io.restassured.path.json.JsonPath;

/** A payer's bank takes the money back, and perhaps gives it again: who bears that, to the cent. */
@ServiceTest
class DisputeTest {

    private static final String CURRENCY = "EUR";

    private static boolean purseIsFull;

    @Inject
    Jobs jobs;

    private Person carol;
    private Person alice;
    private String session;
    private String transaction;

    @BeforeEach
    void pay() {
        fillThePlatformsPurse();
        carol = Marketplace.coach("carol", "100.00", CURRENCY);
        alice = Person.called("alice");
        session = booked(alice, carol, freeTime(), 75);
        JsonPath payment = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().jsonPath();
        StripeSandbox.payIntent(payment.getString("clientSecret"), "pm_card_bypassPending").statusCode(200);
        transaction = payment.getString("transactionId");
        isSoon(alice, session, "confirmed", "paid");
        soon().untilAsserted(() -> assertThat(Books.journals(session, "funds_available")).isEqualTo(1));
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void costsTheCoachTheOwnShareWhenItIsLost() {
        String dispute = disputes(Map.of());
        isSoon(alice, session, "confirmed", "disputed");
        earnsSoon("0.00");

        close(dispute, "lost");

        isAtSoon(dispute, "lost");
        isSoon(alice, session, "confirmed", "disputed");
        assertThat(Books.journals(session, "dispute_funds")).isEqualTo(1);
        assertThat(Books.journals(session, "dispute_recovered")).isEqualTo(1);
        Outcome.isSoon(session, "0.00", "-18.93", "18.93");
        booksAgree();
    }

    /** The payer's bank reckons in another currency, whose worth has changed since: it can take more than was paid. */
    @Test
    void costsTheCoachNoMoreThanTheOwnShareWhenTheBankTakesMore() {
        String dispute = disputes(Map.of("amount", 15000));
        earnsSoon("0.00");

        close(dispute, "won");

        isAtSoon(dispute, "won");
        earnsSoon("100.00");
        String second = disputes(Map.of("amount", 15000));
        earnsSoon("0.00");
        close(second, "lost");
        isAtSoon(second, "lost");
        Outcome.isSoon(session, "0.00", "-58.93", "58.93");
        booksAgree();
    }

    @Test
    void costsThePlatformTheFeeForAnAnswerInVainToo() {
        String dispute = disputes(Map.of());
        earnsSoon("0.00");
        Person admin = Person.admin();
        String answer = "/v1/disputes/" + ours(dispute);
        admin.puts(answer + "/evidence", Map.of("uncategorized_text", "losing_evidence")).statusCode(200);

        admin.posts(answer + "/submit").statusCode(200).body("evidenceSubmittedAt", notNullValue());

        isAtSoon(dispute, "lost");
        Outcome.isSoon(session, "0.00", "-18.93", "18.93");
        assertThat(Outcome.chargedFor(dispute)).isEqualByComparingTo("15.00");
        booksAgree();
    }

    @Test
    void givesTheCoachEverythingBackWhenItIsWon() {
        String dispute = disputes(Map.of());
        earnsSoon("0.00");

        close(dispute, "won");

        isSoon(alice, session, "confirmed", "paid");
        earnsSoon("100.00");
        assertThat(Books.journals(session, "dispute_funds")).isEqualTo(2);
        assertThat(Books.journals(session, "dispute_repaid")).isEqualTo(1);
        Outcome.isSoon(session, "100.00", "6.07", "-106.07");
        booksAgree();
    }

    @Test
    void returnsStripesFeeToThePlatformWhereStripeDoes() {
        String dispute = disputes(Map.of());
        isSoon(alice, session, "confirmed", "disputed");

        StripeSandbox.control("/sandbox/disputes/" + dispute + "/close", Map.of("status", "won", "feeReturned", true))
                .statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        earnsSoon("100.00");
        Outcome.isSoon(session, "100.00", "21.07", "-121.07");
        booksAgree();
    }

    @Test
    void movesNothingForAnInquiry() {
        String inquiry = disputes(Map.of("status", "warning_needs_response"));
        isAtSoon(inquiry, "warning_needs_response");

        close(inquiry, "warning_closed");

        isAtSoon(inquiry, "warning_closed");
        alice.gets("/v1/sessions/" + session).body("paymentStatus", equalTo("paid"));
        hasMovedNothing();
    }

    @Test
    void movesNothingForADisputeThatWasPrevented() {
        isAtSoon(disputes(Map.of("status", "prevented")), "prevented");
        hasMovedNothing();
        String inquiry = disputes(Map.of("status", "warning_needs_response"));
        isAtSoon(inquiry, "warning_needs_response");

        close(inquiry, "prevented");

        isAtSoon(inquiry, "prevented");
        hasMovedNothing();
        Problem.is(carol.puts("/v1/disputes/" + ours(inquiry) + "/evidence", Map.of("uncategorized_text", "We met.")), 409,
                "dispute-not-open");
        carol.posts("/v1/sessions/" + session + "/cancel").statusCode(200).body("refund.amount", equalTo("125.00"));
    }

    @Test
    void followsAnInquiryThatBecomesADispute() {
        String inquiry = disputes(Map.of("status", "warning_needs_response"));
        isAtSoon(inquiry, "warning_needs_response");

        StripeSandbox.control("/sandbox/disputes/" + inquiry + "/escalate", Map.of()).statusCode(200);

        isSoon(alice, session, "confirmed", "disputed");
        earnsSoon("0.00");
        booksAgree();
    }

    @Test
    void costsTheCoachNoMoreThanTheShareOfWhatIsDisputed() {
        String dispute = disputes(Map.of("amount", 3333));

        earnsSoon("73.34");
        close(dispute, "lost");

        isAtSoon(dispute, "lost");
        Outcome.isSoon(session, "73.34", "-0.60", "-72.74");
        booksAgree();
    }

    @Test
    void settlesTwoDisputesOfOnePaymentTogether() {
        String first = disputes(Map.of("amount", 3333));
        String second = disputes(Map.of("amount", 9167));
        earnsSoon("0.00");

        close(first, "won");
        isAtSoon(first, "won");
        earnsSoon("26.66");
        isSoon(alice, session, "confirmed", "disputed");
        close(second, "won");

        isSoon(alice, session, "confirmed", "paid");
        earnsSoon("100.00");
        booksAgree();
    }

    @Test
    void takesNothingTwiceWhateverIsToldHowOften() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "charge.dispute.created"}, "do": "reorder", "count": 3, "millis": 3000},
                              {"match": {"type": "charge.dispute.*"}, "do": "duplicate", "count": 10},
                              {"match": {"type": "transfer.*"}, "do": "duplicate", "count": 5}]}""");
        String dispute = disputes(Map.of());
        earnsSoon("0.00");
        close(dispute, "won");

        isSoon(alice, session, "confirmed", "paid");
        earnsSoon("100.00");
        assertThat(Books.journals(session, "dispute_funds")).isEqualTo(2);
        assertThat(Books.journals(session, "dispute_recovered")).isEqualTo(1);
        assertThat(Books.journals(session, "dispute_repaid")).isEqualTo(1);
        booksAgree();
    }

    @Test
    void findsWhatNobodyTold() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "charge.dispute.*"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""");
        String dispute = disputes(Map.of());
        jobs.runNow("dispute-listing");
        isSoon(alice, session, "confirmed", "disputed");
        earnsSoon("0.00");

        close(dispute, "won");
        jobs.runNow("dispute-check");
        alice.gets("/v1/sessions/" + session).body("paymentStatus", equalTo("disputed"));
        StripeSandbox.advance(Duration.ofHours(1));
        jobs.runNow("dispute-check");

        isSoon(alice, session, "confirmed", "paid");
        earnsSoon("100.00");
        booksAgree();
    }

    @Test
    void takesItsShareAsSoonAsTheTransferIsKnown() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "transfer.*"}, "do": "drop"}],
                 "requests": [{"match": {"method": "GET", "path": "/v1/events*"}, "do": "500_before"}]}""");
        UUID untold = Marketplace.paid(alice, carol, 75, "pm_card_bypassPending");
        transaction = untold.toString();
        session = OwnerSql.rows("select session_id::text as id from transactions where id = ?", untold).get(0).get("id")
                .toString();
        disputes(Map.of());
        isSoon(alice, session, "confirmed", "disputed");
        assertThat(recoveries()).isEmpty();
        StripeSandbox.noFaults();

        Marketplace.hearsOfAll();

        soon().untilAsserted(() -> assertThat(recoveries()).isEqualTo("created"));
        Outcome.isSoon(untold, "0.00", "-18.93", "18.93");
        booksAgree();
    }

    @Test
    void doesNotTakeWhatIsWonBeforeItCouldBeTaken() {
        spend();
        String dispute = disputes(Map.of());
        soon().untilAsserted(() -> assertThat(recoveries()).isEqualTo("waiting_for_funds"));

        close(dispute, "won");

        isSoon(alice, session, "confirmed", "paid");
        assertThat(recoveries()).isEqualTo("refused");
        assertThat(Books.journals(session, "dispute_recovered")).isZero();
        assertThat(Books.journals(session, "dispute_repaid")).isZero();
        booksAgree();
    }

    @Test
    void takesItsShareOnceTheCoachHasEarnedItAgain() {
        spend();
        disputes(Map.of());
        soon().untilAsserted(() -> assertThat(recoveries()).isEqualTo("waiting_for_funds"));
        Person.admin().gets("/v1/admin/transfers?status=waiting_for_funds&limit=100").statusCode(200)
                .body("data.transactionId", hasItem(transaction)).body("data.kind", hasItem("reversal"))
                .body("data.failureCode", hasItem("balance_insufficient"));
        Person.admin().gets("/v1/admin/transfers?status=waiting").statusCode(400);

        Marketplace.paid(Person.called("bob"), carol, 75, "pm_card_bypassPending");
        StripeSandbox.advance(Duration.ofHours(6));

        soon().untilAsserted(() -> assertThat(recoveries()).isEqualTo("created"));
        assertThat(Books.journals(session, "dispute_recovered")).isEqualTo(1);
        booksAgree();
    }

    @Test
    void givesBackWhatWasOnItsWayWhenItWasWon() {
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/transfers/*/reversals"}, "do": "latency",
                  "millis": 4000}]}""");
        String dispute = disputes(Map.of());
        soon().untilAsserted(() -> assertThat(recoveries()).isEqualTo("requested"));
        soon().until(() -> applied("requests"));

        close(dispute, "won");

        isSoon(alice, session, "confirmed", "paid");
        soon().untilAsserted(() -> assertThat(Books.journals(session, "dispute_recovered")).isEqualTo(1));
        earnsSoon("100.00");
        assertThat(Books.journals(session, "dispute_repaid")).isEqualTo(1);
        booksAgree();
    }

    @Test
    void letsTheSessionBeUntilTheBankHasDecided() {
        String dispute = disputes(Map.of());
        isSoon(alice, session, "confirmed", "disputed");

        Problem.is(carol.posts("/v1/sessions/" + session + "/cancel"), 409, "payment-disputed");
        close(dispute, "won");
        isSoon(alice, session, "confirmed", "paid");
        earnsSoon("100.00");
        carol.posts("/v1/sessions/" + session + "/cancel").statusCode(200).body("refund.amount", equalTo("125.00"));
    }

    @Test
    void isShownToItsCoachAndToAdministrators() {
        String stripeId = disputes(Map.of("reason", "product_not_received"));
        isSoon(alice, session, "confirmed", "disputed");
        String dispute = ours(stripeId);

        carol.gets("/v1/disputes/" + dispute).statusCode(200).body("transactionId", equalTo(transaction))
                .body("stripeDisputeId", equalTo(stripeId)).body("amount.amount", equalTo("125.00"))
                .body("withdrawn.amount", equalTo("125.00")).body("status", equalTo("needs_response"))
                .body("reason", equalTo("product_not_received")).body("evidenceDueBy", notNullValue())
                .body("closedAt", nullValue());
        alice.gets("/v1/disputes/" + dispute).statusCode(404);
        carol.gets("/v1/transactions/" + transaction).body("disputes[0].id", equalTo(dispute));
        carol.gets("/v1/transactions").body("data[0].disputes[0].id", equalTo(dispute));
        alice.gets("/v1/transactions/" + transaction).body("disputes", empty());
        Person.admin().gets("/v1/transactions/" + transaction).body("disputes[0].id", equalTo(dispute));
        Person.admin().gets("/v1/disputes/" + dispute).statusCode(200);
        Person.admin().gets("/v1/admin/disputes?status=needs_response&limit=100").statusCode(200)
                .body("data.id", hasItem(dispute));
    }

    // ---- what happens in these stories

    /** What goes back to a coach comes from what the platform has, of which these stories leave little. */
    private static void fillThePlatformsPurse() {
        if (!purseIsFull) {
            Marketplace.paid(Person.called("bob"), Marketplace.coach("dave", "1000.00", CURRENCY), 480,
                    "pm_card_bypassPending");
            purseIsFull = true;
        }
    }

    private String disputes(Map<String, ?> how) {
        Map<String, Object> dispute = new HashMap<>(how);
        dispute.put("charge", OwnerSql.rows("select stripe_charge_id as id from transactions where id = ?::uuid", transaction)
                .get(0).get("id"));
        return StripeSandbox.control("/sandbox/disputes", dispute).statusCode(200).extract().path("id");
    }

    private static void close(String dispute, String status) {
        StripeSandbox.control("/sandbox/disputes/" + dispute + "/close", Map.of("status", status)).statusCode(200);
    }

    /** Leaves less on the coach's account than a dispute takes, and no way into debt. */
    private void spend() {
        String account = carol.gets("/v1/me/connected-account").extract().path("stripeAccountId");
        StripeSandbox.control("/sandbox/accounts/" + account + "/debt", Map.of("allowed", false)).statusCode(200);
        StripeSandbox.request().header("Stripe-Account", account).formParam("amount", 5000)
                .formParam("currency", CURRENCY.toLowerCase(Locale.ROOT)).post("/v1/payouts").then().statusCode(200);
    }

    private void earnsSoon(String total) {
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").statusCode(200)
                .body("find { it.currency == '" + CURRENCY + "' }.totalEarnings.amount", equalTo(total)));
    }

    private static void isAtSoon(String dispute, String status) {
        soon().untilAsserted(() -> assertThat(
                OwnerSql.rows("select status from disputes where stripe_dispute_id = ?", dispute))
                .containsExactly(Map.of("status", status)));
    }

    private static String ours(String dispute) {
        return OwnerSql.rows("select id::text from disputes where stripe_dispute_id = ?", dispute).get(0).get("id").toString();
    }

    private String recoveries() {
        return String.join(" ", Books.texts("select status from transfer_steps where purpose = 'dispute_recovery'"
                + " and transaction_id = '" + transaction + "' order by id"));
    }

    private static boolean applied(String rules) {
        return StripeSandbox.request().get("/sandbox/faults").jsonPath().getInt(rules + "[0].applied") > 0;
    }

    private void hasMovedNothing() {
        alice.gets("/v1/sessions/" + session).body("paymentStatus", equalTo("paid"));
        assertThat(Books.journals(session, "dispute_funds")).isZero();
        Outcome.isSoon(session, "100.00", "21.07", "-121.07");
        booksAgree();
    }

    private void booksAgree() {
        // By then the accounts' books are imported again.
        StripeSandbox.advance(Duration.ofHours(1));
        Books.closeFor(carol);
    }
}
