package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** A session that Alice has paid Carol for, and later acts on the payment. */
final class Sale {

    final Person carol;
    final Person alice;
    final UUID payment;
    private final String currency;
    private boolean left;

    private Sale(String rate, String currency, int minutes, String card) {
        this.carol = Marketplace.coach("carol", rate, currency);
        this.alice = Person.called("alice");
        this.payment = Marketplace.paid(alice, carol, minutes, card);
        this.currency = currency;
        soon().until(() -> entries().containsKey("coach_pending"));
    }

    /** 125.00 USD, of which Carol gets 100.00. */
    static Sale usual() {
        return of("100.00", "USD", 75);
    }

    static Sale of(String rate, String currency, int minutes) {
        return new Sale(rate, currency, minutes, "pm_card_visa");
    }

    /** The usual sale, with this one of Stripe's test cards. */
    static Sale withCard(String card) {
        return new Sale("100.00", "USD", 75, card);
    }

    String paymentIntent() {
        return carol.gets("/v1/transactions/" + payment).statusCode(200).extract().path("stripePaymentIntentId");
    }

    /** The platform's part of it at Stripe. */
    String fee() {
        return OwnerSql.rows("select stripe_application_fee_id as id from transactions where id = ?", payment).get(0).get("id")
                .toString();
    }

    /** The coach disconnects the account at Stripe; the platform has the amount it may then have to pay alone. */
    void carolLeaves() {
        Marketplace.toppedUp(currency.toLowerCase(Locale.ROOT), 20000);
        String account = account();
        left = true;
        StripeSandbox.control("/sandbox/accounts/" + account + "/deauthorize", Map.of()).statusCode(200);
    }

    /** The coach's account at Stripe. */
    String account() {
        return carol.gets("/v1/me/connected-account").extract().path("stripeAccountId");
    }

    ValidatableResponse refund(String amount) {
        return whoRefunds().posts("/v1/transactions/" + payment + "/refunds",
                Map.of("amount", Map.of("amount", amount, "currency", currency), "reason", "We finished early"));
    }

    ValidatableResponse refundRest() {
        return whoRefunds().posts("/v1/transactions/" + payment + "/refunds", Map.of("reason", "It did not take place"));
    }

    /** Nothing can be taken from a coach who has left, so only an administrator may refund. */
    private Person whoRefunds() {
        return left ? Person.admin() : carol;
    }

    /** Asks for a refund, and waits until it has succeeded; Stripe's id of it. */
    String refunded(String amount) {
        return atStripe(refund(amount).statusCode(201).extract().path("id"));
    }

    /** Asks for all that is left, and waits until it has succeeded; Stripe's id of it. */
    String restRefunded() {
        return atStripe(refundRest().statusCode(201).extract().path("id"));
    }

    private static String atStripe(String refund) {
        soon().until(() -> OwnerSql.rows("select status from refunds where id = ?::uuid", refund).get(0).get("status")
                .equals("succeeded"));
        return OwnerSql.rows("select stripe_refund_id as id from refunds where id = ?::uuid", refund).get(0).get("id")
                .toString();
    }

    /**
     * A refund made by somebody in Stripe's dashboard; the coach's account and the fee stay out of it, so the platform has to
     * have the money.
     */
    String refundInDashboard(long minor) {
        Marketplace.toppedUp(currency.toLowerCase(Locale.ROOT), Math.max(minor, 1000));
        return StripeSandbox.request().formParam("payment_intent", paymentIntent()).formParam("amount", minor)
                .post("/v1/refunds").then().statusCode(200).extract().path("id");
    }

    /** The payer's bank takes this back, in the currency's smallest unit; Stripe's id of the dispute. */
    String disputed(long minor) {
        String charge = OwnerSql.rows("select stripe_charge_id as id from transactions where id = ?", payment).get(0).get("id")
                .toString();
        String dispute = StripeSandbox.control("/sandbox/disputes", Map.of("charge", charge, "amount", minor)).statusCode(200)
                .extract().path("id");
        disputeIsSoon(dispute, "needs_response");
        return dispute;
    }

    /** The bank decides. */
    void decided(String dispute, String status) {
        StripeSandbox.control("/sandbox/disputes/" + dispute + "/close", Map.of("status", status)).statusCode(200);
        disputeIsSoon(dispute, status);
    }

    private static void disputeIsSoon(String dispute, String status) {
        soon().untilAsserted(() -> assertThat(
                OwnerSql.rows("select status from disputes where stripe_dispute_id = ?", dispute))
                .containsExactly(Map.of("status", status)));
    }

    /** Waits until the payment is in this state, as its payer sees it. */
    void isSoon(String status, String refunded) {
        soon().untilAsserted(() -> {
            JsonNode seen = Json.read(alice.gets("/v1/transactions/" + payment).statusCode(200).extract().asString());
            assertThat(seen.required("status").textValue()).isEqualTo(status);
            assertThat(seen.at("/refundedAmount/amount").textValue()).isEqualTo(refunded);
        });
    }

    /** Waits until nothing more follows from any of its refunds, and no transfer request of them is open. */
    void isSettledSoon() {
        soon().untilAsserted(() -> {
            assertThat(OwnerSql.rows("select 1 from refunds where transaction_id = ? and check_at is not null", payment))
                    .isEmpty();
            assertThat(OwnerSql.rows(
                    "select 1 from transfer_steps where transaction_id = ? and status in ('requested', 'waiting_for_funds')",
                    payment)).isEmpty();
        });
    }

    /** The amounts that this payment alone has moved, account by account, without Stripe's fees; zeros left out. */
    Map<String, BigDecimal> entries() {
        Map<String, BigDecimal> sums = new HashMap<>();
        OwnerSql.rows(
                """
                        select a.kind, sum(e.amount) as amount from ledger_entries e join ledger_journals j on j.id = e.journal_id
                          join ledger_accounts a on a.id = e.account_id where j.transaction_id = ? and j.kind <> 'stripe_fee' group by a.kind
                        having sum(e.amount) <> 0""",
                payment)
                .forEach(row -> sums.put(row.get("kind").toString(),
                        ((BigDecimal) row.get("amount")).stripTrailingZeros()));
        return sums;
    }

    /**
     * Lets the money become available on both sides, and ends the story.
     *
     * @param expected the kinds of findings that stay
     */
    void agrees(String... expected) {
        StripeSandbox.advance(Duration.ofDays(3));
        Books.closeFor(carol, expected);
    }

    /** Waits until Carol's balance in the payment's currency is this. */
    void carolHas(String pending, String available) {
        String mine = "find { it.currency == '" + currency + "' }.";
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").statusCode(200)
                .body(mine + "pending.amount", equalTo(pending)).body(mine + "available.amount", equalTo(available)));
    }

    static BigDecimal money(String amount) {
        return new BigDecimal(amount).stripTrailingZeros();
    }
}
