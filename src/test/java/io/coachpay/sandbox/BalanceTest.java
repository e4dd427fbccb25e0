package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

/** Balances in several currencies, below zero, and after refunds that did not reach the payer. */
class BalanceTest extends SandboxTest {

    private static final long DAY = 24 * 60 * 60;
    private static final long TWO_DAYS = 2 * DAY + 1;

    @AfterEach
    void balances() {
        assertThat(Json.objects(stripe.books().getJsonArray("check"))).isNotEmpty()
                .allSatisfy(check -> assertThat(check.getString("sum")).matches("0(\\.0+)?"));
    }

    @Test
    void keepsCurrenciesOfOneAccountApart() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        stripe.pay(account, 6667, 1333, "jpy");
        stripe.advance(TWO_DAYS);
        stripe.on(account).post("/v1/payouts", "amount", 10000, "currency", "usd");

        refund(intent);

        JsonObject own = stripe.on(account).get("/v1/balance").json();
        assertThat(Json.objects(own.getJsonArray("available"))).extracting(each -> each.getString("currency"),
                each -> each.getLong("amount")).containsExactly(tuple("jpy", 5334L), tuple("usd", -10000L));
        assertThat(balance(account, "jpy").getString("available")).isEqualTo("5334");
        assertThat(balance("platform", "jpy").getString("net")).isEqualTo("1093");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("-3.93");
    }

    @Test
    void exchangesWhatAnAccountDoesNotSettleIn() {
        String account = stripe.onboardedAccount();
        stripe.control("POST", "/accounts/" + account + "/exchange",
                Json.object("from", "usd", "into", "eur", "rate", "0.921"));
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        stripe.advance(TWO_DAYS);

        refund(intent);

        JsonObject line = stripe.on(account).get("/v1/balance_transactions?type=payment").json().getJsonArray("data")
                .getJsonObject(0);
        assertThat(line.getString("currency")).isEqualTo("eur");
        assertThat(line.getLong("net")).isEqualTo(9210);
        assertThat(line.getDouble("exchange_rate")).isEqualTo(0.921);
        assertThat(balance(account, "eur").getString("net")).isEqualTo("0.00");
    }

    @Test
    void keepsWhatIsHeldInReserve() {
        stripe.pay(stripe.onboardedAccount(), 12500, 2500, "usd");
        stripe.control("POST", "/balance_transactions",
                Json.object("type", "reserved_funds", "amount", -1000, "currency", "usd"));
        stripe.control("POST", "/balance_transactions",
                Json.object("type", "network_cost", "amount", -7, "currency", "usd"));

        JsonObject own = stripe.get("/v1/balance").json();

        assertThat(own.getJsonArray("connect_reserved").getJsonObject(0).getLong("amount")).isEqualTo(1000);
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("21.00");
    }

    @Test
    void reservesWhatAccountsOweAndLetsItGo() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        stripe.pay(account, 5000, 0, "usd");
        stripe.advance(TWO_DAYS);
        stripe.on(account).post("/v1/payouts", "amount", 15000, "currency", "usd");

        refund(intent);
        stripe.advance(1);

        assertThat(reserved()).isEqualTo(10000);
        assertThat(balance("platform", "usd").getString("available")).startsWith("-1");
        assertThat(
                stripe.post("/v1/transfers", "amount", 1, "currency", "usd", "destination", account).error().getString("code"))
                .isEqualTo("balance_insufficient");
        stripe.pay(account, 6000, 0, "usd");
        stripe.advance(TWO_DAYS);
        assertThat(reserved()).isEqualTo(4000);
        stripe.pay(account, 4000, 0, "usd");
        stripe.advance(TWO_DAYS);
        assertThat(reserved()).isZero();
        stripe.advance(200 * DAY);
        assertThat(balance("platform", "usd").getJsonObject("byType").containsKey("connect_collection_transfer")).isFalse();
    }

    @Test
    void clearsADebtOfHalfAYearOutOfTheReserve() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        stripe.advance(TWO_DAYS);
        stripe.on(account).post("/v1/payouts", "amount", 10000, "currency", "usd");
        refund(intent);
        stripe.advance(179 * DAY);
        String before = balance(account, "usd").getString("available");

        stripe.advance(2 * DAY);

        assertThat(before).isEqualTo("-100.00");
        assertThat(balance(account, "usd").getString("available")).isEqualTo("0.00");
        assertThat(balance(account, "usd").getJsonObject("byType").getJsonObject("connect_collection_transfer")
                .getString("net")).isEqualTo("100.00");
        assertThat(balance("platform", "usd").getJsonObject("byType").getJsonObject("connect_collection_transfer")
                .getString("net")).isEqualTo("-100.00");
        assertThat(reserved()).isZero();
    }

    private long reserved() {
        return stripe.get("/v1/balance").json().getJsonArray("connect_reserved").getJsonObject(0).getLong("amount");
    }

    @Test
    void endsWhereItBeganWhenRefundFailsLateAndTheCoachIsRepaid() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        stripe.advance(TWO_DAYS);
        String refund = refund(intent).getString("id");

        JsonObject failed = stripe.control("/refunds/" + refund + "/fail").json();
        String between = balance("platform", "usd").getString("net");
        JsonObject transfer = stripe.post("/v1/transfers", "amount", 10000, "currency", "usd", "destination", account).json();

        assertThat(failed.getString("failure_balance_transaction")).startsWith("txn_");
        assertThat(between).isEqualTo("121.07");
        assertThat(transfer.getString("id")).startsWith("tr_");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("21.07");
        assertThat(balance(account, "usd").getString("available")).isEqualTo("100.00");
        assertThat(stripe.books().getJsonArray("outside").getJsonObject(0).getString("payers")).isEqualTo("-125.00");
        JsonObject charge = stripe.get("/v1/charges/" + failed.getString("charge")).json();
        assertThat(charge.getLong("amount_refunded")).isZero();
        assertThat(charge.getBoolean("refunded")).isFalse();
    }

    @Test
    void failsPendingRefund() {
        String intent = stripe.post("/v1/payment_intents", "amount", 12500, "currency", "usd", "payment_method",
                "pm_card_pendingRefund", "confirm", "true").id();
        JsonObject pending = stripe.post("/v1/refunds", "payment_intent", intent, "amount", 12000).json();

        JsonObject failed = stripe.control("/refunds/" + pending.getString("id") + "/fail").json();
        stripe.advance(DAY);

        assertThat(pending.getString("status")).isEqualTo("pending");
        assertThat(pending.getString("pending_reason")).isEqualTo("processing");
        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(failed.containsKey("pending_reason")).isFalse();
        assertThat(stripe.get("/v1/refunds/" + pending.getString("id")).json().getString("status")).isEqualTo("failed");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("121.07");
    }

    @Test
    void refusesReversalThatWouldLeaveDebtWhereNoneIsAllowed() {
        String account = stripe.onboardedAccount();
        JsonObject intent = stripe.pay(account, 12500, 2500, "usd").json();
        stripe.advance(TWO_DAYS);
        stripe.on(account).post("/v1/payouts", "amount", 6000, "currency", "usd");
        String transfer = stripe.get("/v1/charges/" + intent.getString("latest_charge")).json().getString("transfer");
        stripe.control("POST", "/accounts/" + account + "/debt", Json.object("allowed", false));

        JsonObject refused = reverse(transfer).error();
        stripe.control("POST", "/accounts/" + account + "/debt", Json.object("allowed", true));
        int allowed = reverse(transfer).status();

        assertThat(refused.getString("code")).isEqualTo("balance_insufficient");
        assertThat(allowed).isEqualTo(200);
        assertThat(balance(account, "usd").getString("available")).isEqualTo("-60.00");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("121.07");
    }

    private StripeClient.Reply reverse(String transfer) {
        return stripe.post("/v1/transfers/" + transfer + "/reversals", "amount", 10000);
    }

    private JsonObject refund(String intent) {
        return stripe.post("/v1/refunds", "payment_intent", intent, "reverse_transfer", "true", "refund_application_fee",
                "true").json();
    }
}
