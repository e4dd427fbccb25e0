package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

/** Payouts, which leave for a bank and may come back. */
class PayoutTest extends SandboxTest {

    private static final long DAY = 24 * 60 * 60;
    private static final long TWO_DAYS = 2 * DAY + 1;

    @AfterEach
    void balances() {
        assertThat(Json.objects(stripe.books().getJsonArray("check"))).isNotEmpty()
                .allSatisfy(check -> assertThat(check.getString("sum")).matches("0(\\.0+)?"));
    }

    @Test
    void paysOutWhatIsAvailable() {
        String account = earned("usd");

        JsonObject payout = payOut(account, 10000, "usd").json();
        JsonObject underWay = balance(account, "usd");
        stripe.advance(DAY);
        String later = stripe.on(account).get("/v1/payouts/" + payout.getString("id")).json().getString("status");
        stripe.advance(DAY + 1);

        assertThat(payout.getString("status")).isEqualTo("pending");
        assertThat(payout.getLong("arrival_date") - payout.getLong("created")).isEqualTo(2 * DAY);
        assertThat(money(underWay)).containsExactly("0.00", "0.00", "100.00", "0.00");
        assertThat(later).isEqualTo("in_transit");
        assertThat(money(balance(account, "usd"))).containsExactly("0.00", "0.00", "0.00", "100.00");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("21.07");
        assertThat(types(account)).containsSequence("payout.created", "payout.updated", "payout.updated", "payout.paid");
        assertThat(stripe.books().getJsonArray("outside").getJsonObject(0).getString("banks")).isEqualTo("100.00");
    }

    @Test
    void leavesRefundAfterPayoutAsNegativeBalance() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        stripe.advance(TWO_DAYS);
        payOut(account, 10000, "usd");
        stripe.advance(TWO_DAYS);

        stripe.post("/v1/refunds", "payment_intent", intent, "reverse_transfer", "true", "refund_application_fee", "true");

        assertThat(money(balance(account, "usd"))).containsExactly("0.00", "-100.00", "0.00", "100.00");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("-3.93");
        JsonObject shown = stripe.on(account).get("/v1/balance").json().getJsonArray("available").getJsonObject(0);
        assertThat(shown.getLong("amount")).isEqualTo(-10000);
        stripe.pay(account, 6000, 1200, "usd");
        stripe.advance(TWO_DAYS);
        assertThat(balance(account, "usd").getString("available")).isEqualTo("-52.00");
        assertThat(payOut(account, 100, "usd").error().getString("code")).isEqualTo("balance_insufficient");
        stripe.pay(account, 12500, 2500, "usd");
        stripe.pay(account, 12500, 2500, "usd");
        stripe.advance(TWO_DAYS);
        assertThat(payOut(account, 14800, "usd").status()).isEqualTo(200);
    }

    @Test
    void billsInstantPayoutToThePlatform() {
        String account = earned("usd");
        JsonObject refused = instant(account).error();
        stripe.control("POST", "/accounts/" + account + "/external-account", Json.object("instant", true));

        JsonObject instantly = stripe.on(account).get("/v1/balance").json().getJsonArray("instant_available").getJsonObject(0);
        JsonObject payout = instant(account).json();
        stripe.advance(30 * 60 + 1);

        assertThat(refused.getString("code")).isEqualTo("instant_payouts_unsupported");
        assertThat(instantly.getLong("amount")).isEqualTo(10000);
        assertThat(payout.getString("method")).isEqualTo("instant");
        assertThat(money(balance(account, "usd"))).containsExactly("0.00", "0.00", "0.00", "100.00");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("20.07");
        JsonObject fee = balance("platform", "usd").getJsonObject("byType").getJsonObject("stripe_fee");
        assertThat(fee).isEqualTo(Json.object("count", 1, "amount", "-1.00", "fee", "0.00", "net", "-1.00"));
    }

    @Test
    void takesMoneyFromAnAccountForThePlatform() {
        String account = earned("usd");
        String before = balance("platform", "usd").getString("net");
        JsonObject tooMuch = debit(account, 10001, "acct_platform").error();
        JsonObject elsewhere = debit(account, 100, stripe.onboardedAccount()).error();
        JsonObject foreign = stripe.on(account).post("/v1/transfers", "amount", 100, "currency", "eur", "destination",
                "acct_platform").error();

        JsonObject debit = debit(account, 100, "acct_platform").json();

        assertThat(tooMuch.getString("code")).isEqualTo("balance_insufficient");
        assertThat(elsewhere.getString("code")).isEqualTo("resource_missing");
        assertThat(foreign.getString("param")).isEqualTo("currency");
        assertThat(money(balance(account, "usd"))).containsExactly("0.00", "99.00", "0.00", "0.00");
        assertThat(balance("platform", "usd").getString("net"))
                .isEqualTo(new BigDecimal(before).add(BigDecimal.ONE).toString());
        JsonObject out = stripe.on(account).get("/v1/balance_transactions/" + debit.getString("balance_transaction")).json();
        assertThat(out.getString("type") + " " + out.getLong("net")).isEqualTo("transfer -100");
        JsonObject payment = stripe.get("/v1/charges/" + debit.getString("destination_payment")).json();
        JsonObject in = stripe.get("/v1/balance_transactions/" + payment.getString("balance_transaction")).json();
        assertThat(in.getString("type") + " " + in.getLong("net")).isEqualTo("payment 100");
        assertThat(stripe.get("/v1/transfers/" + debit.getString("id")).status()).isEqualTo(404);
        assertThat(types(account)).contains("transfer.created");
    }

    private StripeClient.Reply debit(String account, long amount, String destination) {
        return stripe.on(account).post("/v1/transfers", "amount", amount, "currency", "usd", "destination", destination);
    }

    @Test
    void returnsPayoutThatFailsDaysAfterItWasPaid() {
        String account = earned("usd");
        String id = payOut(account, 10000, "usd").id();
        stripe.advance(5 * DAY);

        JsonObject failed = stripe.control("POST", "/payouts/" + id + "/fail", Json.object("code", "no_account")).json();

        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(failed.getString("failure_code")).isEqualTo("no_account");
        assertThat(money(balance(account, "usd"))).containsExactly("0.00", "100.00", "0.00", "0.00");
        JsonObject returned = stripe.on(account)
                .get("/v1/balance_transactions/" + failed.getString("failure_balance_transaction")).json();
        assertThat(returned.getString("type")).isEqualTo("payout_failure");
        assertThat(returned.getLong("net")).isEqualTo(10000);
        assertThat(types(account)).containsSequence("payout.paid", "payout.updated", "payout.failed");
        assertThat(stripe.control("/payouts/" + id + "/fail").status()).isEqualTo(400);
    }

    @Test
    void paysNothingMoreToABankFromWhichAPayoutCameBackUntilItIsUpdated() {
        String account = earned("usd");
        String id = payOut(account, 4000, "usd").id();
        stripe.control("POST", "/payouts/" + id + "/fail", Json.object("code", "no_account"));

        assertThat(types(account)).contains("account.external_account.updated");
        assertThat(payOut(account, 4000, "usd").json().getJsonObject("error").getString("code"))
                .isEqualTo("bank_account_unusable");

        stripe.control("POST", "/accounts/" + account + "/external-account", Json.object("updated", true));
        assertThat(payOut(account, 4000, "usd").status()).isEqualTo(200);
    }

    @Test
    void failsOnArrivalAtClosedBankAccount() {
        String account = earned("usd");
        stripe.control("POST", "/accounts/" + account + "/external-account", Json.object("failure", "account_closed"));
        String id = payOut(account, 4000, "usd").id();

        stripe.advance(TWO_DAYS);

        assertThat(stripe.on(account).get("/v1/payouts/" + id).json().getString("failure_code")).isEqualTo("account_closed");
        assertThat(money(balance(account, "usd"))).containsExactly("0.00", "100.00", "0.00", "0.00");
        assertThat(types(account)).doesNotContain("payout.paid").contains("balance.available");
    }

    @Test
    void cancelsPayoutThatHasNotLeft() {
        String account = earned("usd");
        String first = payOut(account, 10000, "usd").id();

        JsonObject canceled = stripe.on(account).post("/v1/payouts/" + first + "/cancel").json();
        String second = payOut(account, 10000, "usd").id();
        stripe.advance(DAY);

        assertThat(canceled.getString("status")).isEqualTo("canceled");
        assertThat(stripe.on(account).post("/v1/payouts/" + second + "/cancel").status()).isEqualTo(400);
        assertThat(money(balance(account, "usd"))).containsExactly("0.00", "0.00", "100.00", "0.00");
        assertThat(types(account)).contains("payout.canceled");
    }

    @Test
    void refusesWhatCannotBePaidOut() {
        String account = earned("usd");
        stripe.pay(account, 1000000, 0, "huf");
        stripe.advance(TWO_DAYS);

        assertThat(payOut(account, 10001, "usd").error().getString("code")).isEqualTo("balance_insufficient");
        assertThat(payOut(account, 0, "usd").error().getString("param")).isEqualTo("amount");
        assertThat(payOut(account, 100000, "huf").error().getString("message")).contains("external accounts");
        stripe.control("POST", "/accounts/" + account + "/external-account", Json.object("currency", "huf"));
        assertThat(payOut(account, 100050, "huf").error().getString("param")).isEqualTo("amount");
        assertThat(payOut(account, 100000, "huf").status()).isEqualTo(200);
        stripe.control("POST", "/accounts/" + account + "/external-account",
                Json.object("currency", "huf", "remove", true));
        assertThat(payOut(account, 100000, "huf").status()).isEqualTo(400);
        stripe.control("POST", "/accounts/" + account + "/require",
                new JsonObject().put("currentlyDue", Json.array("external_account")));
        assertThat(payOut(account, 100, "usd").error().getString("code")).isEqualTo("payouts_not_allowed");
    }

    @Test
    void listsPayoutsOfTheirAccountAlone() {
        String account = earned("usd");
        String first = payOut(account, 3000, "usd").id();
        stripe.control("/payouts/" + first + "/pay");
        JsonObject second = payOut(account, 2000, "usd").json();
        StripeClient own = stripe.on(account);

        assertThat(ids(own.get("/v1/payouts"))).containsExactly(second.getString("id"), first);
        assertThat(ids(own.get("/v1/payouts?status=paid"))).containsExactly(first);
        assertThat(ids(own.get("/v1/payouts?arrival_date[gte]=" + second.getLong("arrival_date"))))
                .contains(second.getString("id"));
        assertThat(ids(own.get("/v1/payouts?destination=ba_other"))).isEmpty();
        assertThat(ids(stripe.get("/v1/payouts"))).isEmpty();
        assertThat(stripe.get("/v1/payouts/" + first).status()).isEqualTo(404);
        JsonObject expanded = own.get("/v1/payouts/" + first + "?expand[]=destination&expand[]=balance_transaction").json();
        assertThat(expanded.getJsonObject("destination").getString("object")).isEqualTo("bank_account");
        assertThat(expanded.getJsonObject("balance_transaction").getString("type")).isEqualTo("payout");
    }

    @Test
    void movesMoneyBetweenThePlatformAndItsBank() {
        String account = earned("usd");

        String payout = stripe.post("/v1/payouts", "amount", 1000, "currency", "usd").id();
        stripe.advance(TWO_DAYS);
        JsonObject swept = balance("platform", "usd");
        String topUp = stripe.post("/v1/topups", "amount", 2500, "currency", "usd").id();
        stripe.advance(DAY + 1);

        assertThat(stripe.get("/v1/payouts/" + payout).json().getString("status")).isEqualTo("paid");
        assertThat(swept.getString("net")).isEqualTo("11.07");
        assertThat(swept.getString("platformBank")).isEqualTo("-10.00");
        assertThat(stripe.get("/v1/topups/" + topUp).json().getString("status")).isEqualTo("succeeded");
        assertThat(balance("platform", "usd").getString("available")).isEqualTo("36.07");
        assertThat(balance("platform", "usd").getString("platformBank")).isEqualTo("15.00");
        assertThat(balance(account, "usd").getString("net")).isEqualTo("100.00");
    }

    private String earned(String currency) {
        String account = stripe.onboardedAccount();
        stripe.pay(account, 12500, 2500, currency);
        stripe.advance(TWO_DAYS);
        return account;
    }

    private StripeClient.Reply payOut(String account, long amount, String currency) {
        return stripe.on(account).post("/v1/payouts", "amount", amount, "currency", currency);
    }

    private StripeClient.Reply instant(String account) {
        return stripe.on(account).post("/v1/payouts", "amount", 10000, "currency", "usd", "method", "instant");
    }

    private static List<String> money(JsonObject balance) {
        return List.of(balance.getString("pending"), balance.getString("available"), balance.getString("inTransit"),
                balance.getString("paidOut"));
    }

    private static List<String> ids(StripeClient.Reply list) {
        return Json.objects(list.json().getJsonArray("data")).stream().map(each -> each.getString("id")).toList();
    }

    private List<String> types(String account) {
        List<JsonObject> newestFirst = Json.objects(stripe.on(account).get("/v1/events?limit=100").json().getJsonArray("data"));
        List<String> types = new ArrayList<>(newestFirst.stream().map(each -> each.getString("type")).toList());
        Collections.reverse(types);
        return types;
    }
}
