package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.vertx.core.json.JsonObject;

/** Disputes, which payers open at their bank. */
class DisputeTest extends SandboxTest {

    private static final long DAY = 24 * 60 * 60;

    private String account;
    private String charge;

    @BeforeEach
    void earns() {
        account = stripe.onboardedAccount();
        charge = stripe.pay(account, 12500, 2500, "usd").json().getString("latest_charge");
        stripe.advance(2 * DAY + 1);
    }

    @AfterEach
    void balances() {
        assertThat(Json.objects(stripe.books().getJsonArray("check"))).isNotEmpty()
                .allSatisfy(check -> assertThat(check.getString("sum")).matches("0(\\.0+)?"));
    }

    @Test
    void takesAmountAndFeeFromThePlatform() {
        JsonObject dispute = dispute(new JsonObject());

        assertThat(dispute.getString("status")).isEqualTo("needs_response");
        assertThat(platform()).isEqualTo("-118.93");
        assertThat(balance(account, "usd").getString("available")).isEqualTo("100.00");
        JsonObject transaction = dispute.getJsonArray("balance_transactions").getJsonObject(0);
        assertThat(transaction.getString("type")).isEqualTo("adjustment");
        assertThat(transaction.getString("reporting_category")).isEqualTo("dispute");
        assertThat(List.of(transaction.getLong("amount"), transaction.getLong("fee"), transaction.getLong("net")))
                .containsExactly(-12500L, 1500L, -14000L);
        assertThat(stripe.get("/v1/charges/" + charge).json().getBoolean("disputed")).isTrue();
        assertThat(types()).containsSubsequence("charge.dispute.created", "charge.dispute.funds_withdrawn");
        JsonObject fact = stripe.books().getJsonObject("objects").getJsonArray("disputes").getJsonObject(0);
        assertThat(fact.getString("amount")).isEqualTo("125.00");
        assertThat(fact.getString("source")).isEqualTo(charge);
    }

    @Test
    void keepsTheMoneyOfLostDispute() {
        String dispute = dispute(new JsonObject()).getString("id");
        recover();

        JsonObject lost = close(dispute, Json.object("status", "lost")).json();

        assertThat(lost.getString("status")).isEqualTo("lost");
        assertThat(platform()).isEqualTo("-18.93");
        assertThat(balance(account, "usd").getString("net")).isEqualTo("0.00");
        assertThat(lost.getJsonArray("balance_transactions")).hasSize(1);
        assertThat(types()).contains("charge.dispute.closed").doesNotContain("charge.dispute.funds_reinstated");
        assertThat(close(dispute, Json.object("status", "won")).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({ "false,6.07", "true,21.07" })
    void returnsTheMoneyOfWonDispute(boolean feeReturned, String platform) {
        String dispute = dispute(new JsonObject()).getString("id");
        recover();

        JsonObject won = close(dispute, Json.object("status", "won", "feeReturned", feeReturned)).json();
        int repaid = stripe.post("/v1/transfers", "amount", 10000, "currency", "usd", "destination", account).status();

        assertThat(repaid).isEqualTo(200);
        assertThat(won.getJsonArray("balance_transactions")).hasSize(2);
        assertThat(platform()).isEqualTo(platform);
        assertThat(balance(account, "usd").getString("available")).isEqualTo("100.00");
        assertThat(types()).containsSubsequence("charge.dispute.funds_reinstated", "charge.dispute.closed");
    }

    @Test
    void stagesEvidenceAndBillsItsSubmission() {
        String dispute = dispute(new JsonObject()).getString("id");

        JsonObject staged = evidence(dispute, "We met on Monday.", "false").json();
        String unchanged = platform();
        JsonObject submitted = stripe.post("/v1/disputes/" + dispute, "submit", "true").json();

        assertThat(staged.getString("status")).isEqualTo("needs_response");
        assertThat(staged.getJsonObject("evidence_details").getBoolean("has_evidence")).isTrue();
        assertThat(unchanged).isEqualTo("-118.93");
        assertThat(submitted.getString("status")).isEqualTo("under_review");
        assertThat(submitted.getJsonObject("evidence_details").getInteger("submission_count")).isEqualTo(1);
        assertThat(submitted.getJsonObject("evidence").getString("uncategorized_text")).isEqualTo("We met on Monday.");
        assertThat(platform()).isEqualTo("-133.93");
        assertThat(evidence(dispute, "More", "false").status()).isEqualTo(400);
        assertThat(types()).contains("charge.dispute.updated");
    }

    @ParameterizedTest
    @CsvSource({ "winning_evidence,won", "losing_evidence,lost" })
    void decidesAsDocumentedEvidenceSays(String text, String outcome) {
        String dispute = dispute(new JsonObject()).getString("id");

        evidence(dispute, text, "true");
        stripe.advance(1);

        assertThat(status(dispute)).isEqualTo(outcome);
    }

    @Test
    void movesNoMoneyForInquiryUntilItEscalates() {
        String closed = dispute(Json.object("status", "warning_needs_response", "amount", 5000)).getString("id");
        String escalated = dispute(Json.object("status", "warning_needs_response", "amount", 5000)).getString("id");
        String prevented = dispute(Json.object("status", "prevented", "amount", 1000)).getString("id");

        close(closed, Json.object("status", "warning_closed"));
        String before = platform();
        stripe.control("/disputes/" + escalated + "/escalate");

        assertThat(before).isEqualTo("21.07");
        assertThat(status(closed)).isEqualTo("warning_closed");
        assertThat(status(prevented)).isEqualTo("prevented");
        assertThat(status(escalated)).isEqualTo("needs_response");
        assertThat(platform()).isEqualTo("-43.93");
    }

    @Test
    void takesSeveralDisputesOfOneChargeUpToItsAmount() {
        dispute(Json.object("amount", 5000));
        dispute(Json.object("amount", 7500));

        StripeClient.Reply third = stripe.control("POST", "/disputes", Json.object("charge", charge, "amount", 1));

        assertThat(third.status()).isEqualTo(400);
        assertThat(platform()).isEqualTo("-133.93");
        assertThat(stripe.get("/v1/disputes?charge=" + charge).json().getJsonArray("data")).hasSize(2);
        assertThat(stripe.post("/v1/refunds", "charge", charge).error().getString("code")).isEqualTo("charge_disputed");
    }

    @Test
    void takesMoreThanTheChargeWhereTheBankAsksForMore() {
        JsonObject dispute = dispute(Json.object("amount", 13000));

        assertThat(dispute.getLong("amount")).isEqualTo(13000);
        assertThat(platform()).isEqualTo("-123.93");
        assertThat(stripe.post("/v1/refunds", "charge", charge).error().getString("code")).isEqualTo("charge_disputed");
    }

    @Test
    void takesNothingMoreWhenAnInquiryEscalatesAfterTheRefund() {
        String inquiry = dispute(Json.object("status", "warning_needs_response")).getString("id");
        stripe.post("/v1/refunds", "charge", charge);
        String before = platform();

        stripe.control("/disputes/" + inquiry + "/escalate");

        assertThat(status(inquiry)).isEqualTo("needs_response");
        assertThat(platform()).isEqualTo(before);
        close(inquiry, Json.object("status", "won"));
        assertThat(platform()).isEqualTo(before);
        assertThat(types()).doesNotContain("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated");
    }

    @Test
    void losesDisputeNobodyAnswers() {
        String unanswered = dispute(Json.object("amount", 5000)).getString("id");
        String accepted = dispute(Json.object("amount", 5000)).getString("id");

        stripe.post("/v1/disputes/" + accepted + "/close");
        stripe.advance(7 * DAY + 1);

        assertThat(status(accepted)).isEqualTo("lost");
        JsonObject dispute = stripe.get("/v1/disputes/" + unanswered).json();
        assertThat(dispute.getString("status")).isEqualTo("lost");
        assertThat(dispute.getJsonObject("evidence_details").getBoolean("past_due")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({ "pm_card_createDispute,needs_response,fraudulent,2.14",
            "pm_card_createDisputeProductNotReceived,needs_response,product_not_received,2.14",
            "pm_card_createDisputeInquiry,warning_needs_response,general,142.14" })
    void disputesAsTheTestCardSays(String card, String status, String reason, String platform) {
        String paid = stripe.post("/v1/payment_intents", "amount", 12500, "currency", "usd", "payment_method", card,
                "confirm", "true").json().getString("latest_charge");
        stripe.advance(1);

        JsonObject dispute = stripe.get("/v1/disputes?charge=" + paid + "&expand[]=data.charge").json().getJsonArray("data")
                .getJsonObject(0);

        assertThat(dispute.getString("status")).isEqualTo(status);
        assertThat(dispute.getString("reason")).isEqualTo(reason);
        assertThat(dispute.getJsonObject("charge").getBoolean("disputed")).isTrue();
        assertThat(platform()).isEqualTo(platform);
    }

    private JsonObject dispute(JsonObject wanted) {
        return stripe.control("POST", "/disputes", wanted.put("charge", charge)).json();
    }

    private StripeClient.Reply close(String dispute, JsonObject outcome) {
        return stripe.control("POST", "/disputes/" + dispute + "/close", outcome);
    }

    private StripeClient.Reply evidence(String dispute, String text, String submit) {
        return stripe.post("/v1/disputes/" + dispute, "evidence[uncategorized_text]", text, "submit", submit);
    }

    private String status(String dispute) {
        return stripe.get("/v1/disputes/" + dispute).json().getString("status");
    }

    /** Takes the coach's share back, as the platform. */
    private void recover() {
        String transfer = stripe.get("/v1/charges/" + charge).json().getString("transfer");
        stripe.post("/v1/transfers/" + transfer + "/reversals", "amount", 10000);
    }

    private String platform() {
        return balance("platform", "usd").getString("net");
    }

    private List<String> types() {
        List<JsonObject> newestFirst = Json.objects(stripe.get("/v1/events?limit=100").json().getJsonArray("data"));
        List<String> types = new ArrayList<>(newestFirst.stream().map(each -> each.getString("type")).toList());
        Collections.reverse(types);
        return types;
    }
}
