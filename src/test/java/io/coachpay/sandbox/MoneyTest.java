package io.coachpay.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.vertx.core.json.JsonObject;

/** The sandbox's money, to the cent, as a ledger has to agree with it. */
class MoneyTest extends SandboxTest {

    private static final long TWO_DAYS = 2 * 24 * 60 * 60 + 1;

    @AfterEach
    void balances() {
        assertThat(Json.objects(stripe.books().getJsonArray("check"))).isNotEmpty()
                .allSatisfy(check -> assertThat(check.getString("sum")).matches("0(\\.0+)?"));
    }

    @Test
    void booksDestinationCharge() {
        String account = stripe.onboardedAccount();

        stripe.pay(account, 12500, 2500, "usd");

        assertThat(balance("platform", "usd").getString("net")).isEqualTo("21.07");
        assertThat(balance("platform", "usd").getString("pending")).isEqualTo("21.07");
        assertThat(balance(account, "usd").getString("pending")).isEqualTo("100.00");
        assertThat(balance(account, "usd").getString("available")).isEqualTo("0.00");
        JsonObject payment = balance(account, "usd").getJsonObject("byType").getJsonObject("payment");
        assertThat(payment).isEqualTo(Json.object("count", 1, "amount", "125.00", "fee", "25.00", "net", "100.00"));
        assertThat(stripe.books().getJsonArray("outside").getJsonObject(0)).isEqualTo(
                Json.object("currency", "usd", "payers", "-125.00", "stripeFees", "3.93", "banks", "0.00", "exchange",
                        "0.00"));
    }

    @Test
    void makesFundsAvailableAfterTwoDays() {
        String account = stripe.onboardedAccount();
        stripe.pay(account, 12500, 2500, "usd");

        stripe.advance(TWO_DAYS);

        assertThat(balance(account, "usd").getString("pending")).isEqualTo("0.00");
        assertThat(balance(account, "usd").getString("available")).isEqualTo("100.00");
        JsonObject own = stripe.on(account).get("/v1/balance").json();
        assertThat(own.getJsonArray("available").getJsonObject(0).getLong("amount")).isEqualTo(10000);
        JsonObject transaction = stripe.on(account).get("/v1/balance_transactions").json().getJsonArray("data")
                .getJsonObject(0);
        assertThat(transaction.getString("status")).isEqualTo("available");
        assertThat(stripe.on(account).get("/v1/events?type=balance.available").json().getJsonArray("data")).hasSize(1);
    }

    @Test
    void chargesYenWithoutDecimals() {
        String account = stripe.onboardedAccount();

        stripe.pay(account, 6667, 1333, "jpy");

        assertThat(balance("platform", "jpy").getString("net")).isEqualTo("1093");
        assertThat(balance(account, "jpy").getString("net")).isEqualTo("5334");
    }

    @Test
    void chargesDinarsWithThreeDecimals() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 15440, 3090, "kwd").id();

        refund(intent, 5000);

        assertThat(balance("platform", "kwd").getString("net")).isEqualTo("1.542");
        assertThat(balance(account, "kwd").getString("net")).isEqualTo("8.350");
        assertThat(stripe.post("/v1/refunds", "payment_intent", intent, "amount", 5).status()).isEqualTo(400);
    }

    @Test
    void returnsFeesInProportionAndTheirRemainderAtTheEnd() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 1001, 200, "usd").id();
        stripe.advance(TWO_DAYS);

        refund(intent, 333);
        assertThat(balance(account, "usd").getString("available")).isEqualTo("5.35");
        refund(intent, 333);
        assertThat(balance(account, "usd").getString("available")).isEqualTo("2.69");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("0.07");
        refund(intent, 335);

        assertThat(balance(account, "usd").getString("net")).isEqualTo("0.00");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("-0.59");
        JsonObject fee = stripe.get("/v1/application_fees").json().getJsonArray("data").getJsonObject(0);
        assertThat(Json.objects(fee.getJsonObject("refunds").getJsonArray("data"))).extracting(each -> each.getLong("amount"))
                .containsExactly(66L, 67L, 67L);
        JsonObject further = stripe.post("/v1/refunds", "payment_intent", intent, "amount", 1).error();
        assertThat(further.getString("code")).isEqualTo("charge_already_refunded");
    }

    @Test
    void refundsDestinationChargeWithReversalAndFee() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();

        JsonObject refund = refund(intent, 12500);

        assertThat(refund.getString("transfer_reversal")).startsWith("trr_");
        JsonObject returned = balance(account, "usd").getJsonObject("byType").getJsonObject("payment_refund");
        assertThat(returned).isEqualTo(Json.object("count", 1, "amount", "-125.00", "fee", "-25.00", "net", "-100.00"));
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("-3.93");
        JsonObject charge = stripe.get("/v1/charges/" + refund.getString("charge") + "?expand[]=refunds").json();
        assertThat(charge.getBoolean("refunded")).isTrue();
        assertThat(charge.getJsonObject("refunds").getJsonArray("data")).hasSize(1);
    }

    @Test
    void takesNothingFromAnAccountThatHasLeft() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        String transfer = stripe.get("/v1/transfers").json().getJsonArray("data").getJsonObject(0).getString("id");
        String fee = stripe.get("/v1/application_fees").json().getJsonArray("data").getJsonObject(0).getString("id");
        stripe.control("/accounts/" + account + "/deauthorize");
        toppedUp(20000);

        JsonObject together = stripe.post("/v1/refunds", "payment_intent", intent, "reverse_transfer", "true").error();
        JsonObject reversal = stripe.post("/v1/transfers/" + transfer + "/reversals", "amount", 100).error();
        JsonObject feeRefund = stripe.post("/v1/application_fees/" + fee + "/refunds", "amount", 100).error();
        int alone = stripe.post("/v1/refunds", "payment_intent", intent).status();

        assertThat(List.of(together, reversal, feeRefund)).allSatisfy(
                refused -> assertThat(refused.getString("code")).isEqualTo("account_invalid"));
        assertThat(alone).isEqualTo(200);
        assertThat(balance(account, "usd").getString("net")).isEqualTo("100.00");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("96.07");
    }

    @Test
    void lateRefundFailureReturnsMoneyToThePlatformAlone() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        String refund = refund(intent, 12500).getString("id");

        JsonObject failed = stripe.control("/refunds/" + refund + "/fail").json();

        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("121.07");
        assertThat(balance(account, "usd").getString("net")).isEqualTo("0.00");
    }

    @Test
    void letsARefundWaitUntilThePlatformHasItsMoney() {
        String intent = stripe.pay(stripe.onboardedAccount(), 12500, 2500, "usd").id();

        JsonObject refund = stripe.post("/v1/refunds", "payment_intent", intent).json();

        assertThat(refund.getString("status")).isEqualTo("pending");
        assertThat(refund.getString("pending_reason")).isEqualTo("insufficient_funds");
        assertThat(refund.getString("balance_transaction")).isNull();
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("21.07");
        toppedUp(10000);
        assertThat(statusOf(refund)).isEqualTo("pending");

        toppedUp(10000);

        assertThat(statusOf(refund)).isEqualTo("succeeded");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("96.07");
    }

    @Test
    void refusesARefundWithoutFundsWhereItMustNotWait() {
        String intent = stripe.pay(stripe.onboardedAccount(), 12500, 2500, "usd").id();
        stripe.control("POST", "/refunds/unfunded", Json.object("refused", true));

        assertThat(stripe.post("/v1/refunds", "payment_intent", intent).error().getString("code"))
                .isEqualTo("balance_insufficient");

        assertThat(refund(intent, 12500).getString("status")).as("its reversal pays for it").isEqualTo("succeeded");
    }

    @Test
    void returnsNothingOfARefundThatFailsWhileItWaits() {
        String intent = stripe.pay(stripe.onboardedAccount(), 12500, 2500, "usd").id();
        String refund = stripe.post("/v1/refunds", "payment_intent", intent).id();

        JsonObject failed = stripe.control("/refunds/" + refund + "/fail").json();

        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(failed.getString("failure_balance_transaction")).isNull();
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("21.07");
        toppedUp(20000);
        assertThat(stripe.get("/v1/refunds/" + refund).json().getString("status")).isEqualTo("failed");
    }

    @Test
    void takesNothingBackFromAnAccountThatMustNotOwe() {
        String account = stripe.onboardedAccount();
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        stripe.control("POST", "/accounts/" + account + "/debt", Json.object("allowed", false));
        stripe.advance(TWO_DAYS);
        assertThat(stripe.on(account).post("/v1/payouts", "amount", 5000, "currency", "usd").status()).isEqualTo(200);

        String code = stripe.post("/v1/refunds", "payment_intent", intent, "reverse_transfer", "true",
                "refund_application_fee", "true").error().getString("code");

        assertThat(code).isEqualTo("balance_insufficient");
        assertThat(refund(intent, 6250).getString("status")).as("50.00 are there").isEqualTo("succeeded");
    }

    private void toppedUp(long amount) {
        String topUp = stripe.post("/v1/topups", "amount", amount, "currency", "usd").id();
        stripe.control("/topups/" + topUp + "/succeed");
        stripe.advance(0);
    }

    private String statusOf(JsonObject refund) {
        return stripe.get("/v1/refunds/" + refund.getString("id")).json().getString("status");
    }

    @Test
    void transfersOnlyWhatIsAvailable() {
        String account = stripe.onboardedAccount();
        stripe.post("/v1/payment_intents", "amount", 15000, "currency", "usd", "payment_method", "pm_card_visa", "confirm",
                "true");

        JsonObject early = transfer(account).error();
        stripe.advance(TWO_DAYS);
        JsonObject transfer = transfer(account).json();

        assertThat(early.getString("code")).isEqualTo("balance_insufficient");
        assertThat(transfer.getString("destination_payment")).startsWith("py_");
        assertThat(balance(account, "usd").getString("available")).isEqualTo("100.00");
        assertThat(balance("platform", "usd").getString("net")).isEqualTo("45.35");
    }

    @Test
    void namesEveryObjectThatMovedMoney() {
        String account = stripe.onboardedAccount();
        refund(stripe.pay(account, 12500, 2500, "usd").id(), 2500);

        JsonObject objects = stripe.books().getJsonObject("objects");

        assertThat(objects.fieldNames()).allSatisfy(kind -> assertThat(objects.getJsonArray(kind))
                .hasSize(kind.equals("payouts") || kind.equals("disputes") ? 0 : 1));
        JsonObject reversal = objects.getJsonArray("reversals").getJsonObject(0);
        assertThat(reversal.getString("amount")).isEqualTo("25.00");
        assertThat(reversal.getString("source")).startsWith("tr_");
    }

    @Test
    void tellsOfSomeAccountsAlone() {
        String account = stripe.onboardedAccount();
        refund(stripe.pay(stripe.onboardedAccount(), 10000, 2000, "usd").id(), 5000);
        String intent = stripe.pay(account, 12500, 2500, "usd").id();
        String refund = refund(intent, 2500).getString("id");

        JsonObject books = stripe.get("/sandbox/books?account=" + account).json();

        assertThat(Json.objects(books.getJsonArray("accounts"))).extracting(each -> each.getString("account"))
                .containsExactly(account);
        JsonObject objects = books.getJsonObject("objects");
        for (String kind : List.of("charges", "transfers", "reversals", "feeRefunds")) {
            assertThat(Json.objects(objects.getJsonArray(kind))).as(kind).singleElement()
                    .satisfies(each -> assertThat(each.getString("account")).isEqualTo(account));
        }
        assertThat(Json.objects(objects.getJsonArray("refunds"))).singleElement()
                .satisfies(each -> assertThat(each.getString("id")).isEqualTo(refund));
    }

    private JsonObject refund(String intent, long amount) {
        return stripe.post("/v1/refunds", "payment_intent", intent, "amount", amount, "reverse_transfer", "true",
                "refund_application_fee", "true").json();
    }

    private StripeClient.Reply transfer(String account) {
        return stripe.post("/v1/transfers", "amount", 10000, "currency", "usd", "destination", account);
    }
}
