package io.coachpay.packaged;

import static io.coachpay.packaged.CrashScene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.packaged.CrashScene.Visitor;
import io.coachpay.packaged.CrashingWire.Moment;
import io.restassured.path.json.JsonPath;

/**
 * Kills the process between the steps of everything that takes several: before a request reaches Stripe, and after it took
 * effect but before the answer was read. A new process ends each story right.
 */
class CrashIT {

    private static CrashScene scene;

    @BeforeAll
    static void set() throws Exception {
        scene = new CrashScene();
    }

    @AfterAll
    static void strike() {
        scene.close();
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWithAPaymentThatWasBegun(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String session = scene.booked(mentee, coach);

        scene.killAtCall("POST /v1/payment_intents", moment,
                () -> mentee.postsInVain("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")));
        scene.pay(mentee.gets("/v1/sessions/" + session + "/payment").then().statusCode(200).extract().path("clientSecret"));

        scene.isConfirmed(mentee, session);
        assertThat(scene.atStripe().queryParam("limit", 100).get("/v1/payment_intents").jsonPath()
                .getList("data.findAll { it.metadata.session_id == '" + session + "' || it.transfer_data?.destination == '"
                        + coach.account() + "' }"))
                .hasSize(1);
        soon().untilAsserted(
                () -> coach.gets("/v1/me/balance").then().body("[0].available.amount", equalTo("100.00")));
    }

    @ParameterizedTest
    @EnumSource
    void chargesASavedCardOnce(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        scene.begun(mentee, scene.booked(mentee, coach));
        String card = scene.savedCard(mentee, customer(mentee));
        String session = scene.booked(mentee, coach);

        scene.killAtCall("POST /v1/payment_intents/[^/]+/confirm", moment,
                () -> mentee.postsInVain("/v1/sessions/" + session + "/payment",
                        Map.of("method", "saved_card", "paymentMethodId", card)));

        soon().untilAsserted(() -> {
            scene.timePasses();
            mentee.gets("/v1/sessions/" + session).then().body("status", equalTo("confirmed"));
        });
        scene.agree(coach);
        assertThat(scene.countAtStripe("/v1/charges", Map.of("customer", customer(mentee)), "")).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void changesAPlanOnce(Moment moment) throws Exception {
        Visitor mentee = scene.somebody("mentee");
        String large = plan("49.00");
        subscribed(mentee, plan("19.00"));
        String date = mentee.posts("/v1/me/subscription/preview", Map.of("planId", large)).then().statusCode(200).extract()
                .path("prorationDate");

        scene.killAtCall("POST /v1/subscriptions/[^/]+", moment,
                () -> mentee.patchesInVain("/v1/me/subscription", Map.of("planId", large, "prorationDate", date)));

        soon().untilAsserted(() -> {
            scene.timePasses();
            mentee.gets("/v1/me/subscription").then().body("plan.id", equalTo(large));
        });
        assertThat(scene.countAtStripe("/v1/charges", Map.of("customer", customer(mentee)), "")).isEqualTo(2);
    }

    /** Somebody at the dashboard has her subscribe once more: the second ends, and is given back. */
    @ParameterizedTest
    @CsvSource({ "DELETE /v1/subscriptions/[^/]+, BEFORE_THE_EFFECT", "DELETE /v1/subscriptions/[^/]+, AFTER_THE_EFFECT",
            "POST /v1/refunds, BEFORE_THE_EFFECT", "POST /v1/refunds, AFTER_THE_EFFECT" })
    void givesASecondSubscriptionBackOnce(String call, Moment moment) throws Exception {
        Visitor mentee = scene.somebody("mentee");
        String plan = plan("19.00");
        String first = subscribed(mentee, plan);
        String price = scene.column("select stripe_price_id from subscription_plans where id = '" + plan + "'").get(0);
        String customer = customer(mentee);

        scene.killAtCall(call, moment,
                () -> scene.atStripe().formParam("customer", customer).formParam("items[0][price]", price)
                        .formParam("metadata[coachpay_id]", first).post("/v1/subscriptions").then().statusCode(200)
                        .body("status", equalTo("active")));

        soon().untilAsserted(() -> {
            scene.timePasses();
            assertThat(scene.atStripe().queryParam("customer", customer).get("/v1/charges").jsonPath()
                    .getList("data.amount_refunded")).containsExactlyInAnyOrder(0, 1900);
            assertThat(scene.column("select r.status from refunds r join transactions t on t.id = r.transaction_id"
                    + " where t.stripe_customer_id = '" + customer + "'")).containsExactly("succeeded");
            assertThat(scene.atStripe().queryParam("customer", customer).queryParam("status", "all").get("/v1/subscriptions")
                    .jsonPath().getList("data.status")).containsExactlyInAnyOrder("active", "canceled");
        });
        mentee.gets("/v1/me/subscription").then().body("id", equalTo(first)).body("status", equalTo("active"));
    }

    @ParameterizedTest
    @CsvSource({ "POST /v1/refunds, BEFORE_THE_EFFECT", "POST /v1/refunds, AFTER_THE_EFFECT",
            "POST /v1/credit_notes, BEFORE_THE_EFFECT", "POST /v1/credit_notes, AFTER_THE_EFFECT" })
    void explainsARefundOfAnInvoiceOnce(String call, Moment moment) throws Exception {
        Visitor mentee = scene.somebody("mentee");
        subscribed(mentee, plan("19.00"));
        AtomicReference<String> invoice = new AtomicReference<>();
        soon().untilAsserted(() -> {
            JsonPath paid = mentee.gets("/v1/me/invoices").then().body("data[0].status", equalTo("paid")).extract().jsonPath();
            invoice.set(paid.getString("data[0].id"));
            mentee.gets("/v1/transactions").then().body("data[0].status", equalTo("completed"));
        });
        String atStripe = scene.column("select stripe_invoice_id from invoices where id = '" + invoice + "'").get(0);

        scene.killAtCall(call, moment,
                () -> scene.administrator().postsInVain("/v1/admin/invoices/" + invoice + "/refunds",
                        Map.of("amount", Map.of("amount", "5.00", "currency", "USD"), "reason", "Goodwill")));

        soon().untilAsserted(() -> {
            scene.timePasses();
            assertThat(scene.column("select status from credit_notes where stripe_credit_note_id is not null and invoice_id = '"
                    + invoice + "'")).hasSize(1);
        });
        assertThat(scene.countAtStripe("/v1/credit_notes", Map.of("invoice", atStripe), "")).isOne();
        assertThat(scene.atStripe().queryParam("customer", customer(mentee)).get("/v1/charges").jsonPath()
                .getList("data.amount_refunded")).containsExactly(500);
    }

    /** Subscribes with a card of hers; our id of the subscription. */
    private static String subscribed(Visitor mentee, String plan) {
        mentee.posts("/v1/me/payment-methods/setup", Map.of("ui", "elements")).then().statusCode(201);
        String card = scene.savedCard(mentee, customer(mentee));
        mentee.puts("/v1/me/payment-methods/" + card + "/default", Map.of()).then().statusCode(200);
        return mentee.posts("/v1/me/subscription", Map.of("planId", plan)).then().statusCode(201)
                .body("status", equalTo("active")).extract().path("id");
    }

    private static String plan(String amount) {
        return scene.administrator()
                .posts("/v1/admin/plans",
                        Map.of("name", "Plan", "audience", "user", "amount", Map.of("amount", amount, "currency", "USD"),
                                "interval", "month", "tier", "pro"))
                .then().statusCode(201).extract().path("id");
    }

    @ParameterizedTest
    @EnumSource
    void refundsOnce(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String payment = scene.paid(mentee, coach);

        scene.killAtCall("POST /v1/refunds", moment,
                () -> coach.postsInVain("/v1/transactions/" + payment + "/refunds", Map.of("reason", "ill")));

        scene.agree(coach);
        soon().untilAsserted(() -> mentee.gets("/v1/transactions/" + payment).then().body("status", equalTo("refunded")));
        assertThat(scene.countAtStripe("/v1/refunds", Map.of("payment_intent", intent(mentee, payment)), "")).isOne();
    }

    @Test
    void goesOnWithACheckoutThatWasBegun() throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String session = scene.booked(mentee, coach);
        Map<String, String> checkout = Map.of("method", "checkout");

        scene.killAtCall("POST /v1/checkout/sessions", Moment.AFTER_THE_EFFECT,
                () -> mentee.postsInVain("/v1/sessions/" + session + "/payment", checkout));
        String page = mentee.posts("/v1/sessions/" + session + "/payment", checkout).then().statusCode(200).extract()
                .path("checkoutUrl");
        scene.control("POST", "/sandbox/checkout/sessions/" + page.replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1") + "/pay",
                Map.of("paymentMethod", "pm_card_bypassPending"));

        scene.isConfirmed(mentee, session);
        scene.agree(coach);
        assertThat(scene.countAtStripe("/v1/checkout/sessions", Map.of("customer", customer(mentee)), "")).isOne();
    }

    @Test
    void sellsCreditsOnce() throws Exception {
        Visitor mentee = scene.somebody("mentee");
        Map<String, String> order = Map.of("packageId",
                scene.column("select id from credit_packages where name = 'Large Package'").get(0));

        scene.killAtCall("POST /v1/checkout/sessions", Moment.AFTER_THE_EFFECT,
                () -> mentee.postsInVain("/v1/credits/checkout", order));
        String page = mentee.posts("/v1/credits/checkout", order).then().statusCode(201).extract().path("checkoutSessionId");
        scene.killAtWebhook(() -> scene.control("POST", "/sandbox/checkout/sessions/" + page + "/pay",
                Map.of("paymentMethod", "pm_card_bypassPending")));

        soon().untilAsserted(() -> {
            scene.timePasses();
            mentee.gets("/v1/me/credits").then().body("balance", equalTo("30.000000"));
        });
        assertThat(scene.countAtStripe("/v1/checkout/sessions", Map.of("customer", customer(mentee)), "")).isOne();
        assertThat(scene.column("select sum(reserved_credits) from checkout_sessions")).containsExactly("0.000000");
    }

    @ParameterizedTest
    @EnumSource
    void paysACoachOnceForCredits(Moment moment) throws Exception {
        scene.toppedUp(20_000);
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        scene.administrator()
                .posts("/v1/admin/users/" + mentee.id() + "/credits", Map.of("credits", "125", "reason", "Goodwill"))
                .then().statusCode(200);
        String session = scene.booked(mentee, coach);
        String payment = mentee.posts("/v1/sessions/" + session + "/payment", Map.of("method", "credits")).then()
                .statusCode(200)
                .extract().path("transactionId");
        scene.tookPlace(session);

        scene.killAtCall("POST /v1/transfers", moment,
                () -> coach.postsInVain("/v1/sessions/" + session + "/complete", Map.of()));

        soon().untilAsserted(() -> {
            scene.timePasses();
            coach.gets("/v1/me/balance").then().body("[0].totalEarnings.amount", equalTo("100.00"));
        });
        mentee.gets("/v1/me/credits").then().body("balance", equalTo("0.000000")).body("deferred", equalTo("0.000000"));
        scene.agree(coach);
        assertThat(scene.countAtStripe("/v1/transfers", Map.of("transfer_group", payment), "")).isOne();
    }

    @Test
    void endsAPaymentThatWasGivenUp() throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String session = scene.booked(mentee, coach);
        scene.begun(mentee, session);

        scene.killAtCall("POST /v1/payment_intents/[^/]+/cancel", Moment.AFTER_THE_EFFECT,
                () -> mentee.deletesInVain("/v1/sessions/" + session + "/payment"));

        soon().untilAsserted(() -> {
            scene.timePasses();
            mentee.gets("/v1/transactions").then().body("data[0].status", equalTo("canceled"));
        });
        mentee.gets("/v1/sessions/" + session).then().body("status", equalTo("pending_payment"));
    }

    @Test
    void givesMoneyBackForASessionThatWasCancelled() throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String payment = scene.paid(mentee, coach);
        String session = mentee.gets("/v1/transactions/" + payment).then().extract().path("sessionId");

        scene.killAtCall("POST /v1/refunds", Moment.AFTER_THE_EFFECT,
                () -> coach.postsInVain("/v1/sessions/" + session + "/cancel", Map.of()));

        soon().untilAsserted(() -> {
            scene.timePasses();
            mentee.gets("/v1/transactions/" + payment).then().body("status", equalTo("refunded"));
        });
        mentee.gets("/v1/sessions/" + session).then().body("status", equalTo("cancelled"));
        scene.agree(coach);
        assertThat(scene.countAtStripe("/v1/refunds", Map.of("payment_intent", intent(mentee, payment)), "")).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void paysOutOnce(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        scene.earned(scene.somebody("mentee"), coach);

        scene.killAtCall("POST /v1/payouts", moment, () -> coach.postsInVain("/v1/me/payouts", Map.of("method", "standard")));

        scene.agree(coach);
        soon().untilAsserted(() -> coach.gets("/v1/me/payouts").then().body("data.size()", equalTo(1))
                .body("data[0].status", oneOf("pending", "in_transit", "paid"))
                .body("data[0].amount.amount", equalTo("100.00")));
        assertThat(scene.countAtStripe("/v1/payouts", Map.of(), coach.account())).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void paysOutATurnOnce(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        scene.earned(scene.somebody("mentee"), coach);

        scene.killAtCall("POST /v1/payouts", moment, () -> scene.turnComes(coach));

        scene.agree(coach);
        soon().untilAsserted(() -> coach.gets("/v1/me/payouts").then().body("data.size()", equalTo(1))
                .body("data[0].status", oneOf("pending", "in_transit", "paid")).body("data[0].initiatedBy", equalTo("run")));
        assertThat(scene.countAtStripe("/v1/payouts", Map.of(), coach.account())).isOne();
    }

    @Test
    void paysOutOnceWhenStripeRefusedAnInstantOne() throws Exception {
        Visitor coach = scene.coach();
        scene.earned(scene.somebody("mentee"), coach);
        scene.control("POST", "/sandbox/accounts/" + coach.account() + "/external-account",
                Map.of("currency", "usd", "instant", true));
        scene.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payouts"}, "do": "error", "times": 1, "status": 400,
                  "type": "invalid_request_error", "code": "instant_payouts_unsupported", "message": "No."}]}""");

        scene.killAtCall("POST /v1/payouts", Moment.AFTER_THE_EFFECT,
                () -> coach.postsInVain("/v1/me/payouts", Map.of("method", "instant")));

        scene.agree(coach);
        soon().untilAsserted(() -> {
            scene.timePasses();
            coach.gets("/v1/me/payouts").then().body("data.size()", equalTo(1))
                    .body("data[0].status", oneOf("pending", "in_transit", "paid"));
        });
        assertThat(scene.countAtStripe("/v1/payouts", Map.of(), coach.account())).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void takesTheFeeOfAnInstantPayoutOnce(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        scene.earned(scene.somebody("mentee"), coach);
        scene.control("POST", "/sandbox/accounts/" + coach.account() + "/external-account",
                Map.of("currency", "usd", "instant", true));

        scene.killAtCall("POST /v1/transfers", moment,
                () -> coach.postsInVain("/v1/me/payouts", Map.of("method", "instant")));

        soon().untilAsserted(() -> {
            scene.timePasses();
            coach.gets("/v1/me/balance").then().body("[0].totalEarnings.amount", equalTo("99.01"));
        });
        scene.agree(coach);
        coach.gets("/v1/me/payouts").then().body("data.size()", equalTo(1)).body("data[0].amount.amount", equalTo("99.01"))
                .body("data[0].fee.amount", equalTo("0.99"));
        assertThat(scene.countAtStripe("/v1/transfers", Map.of(), coach.account())).isOne();
    }

    @Test
    void takesAPayoutBack() throws Exception {
        Visitor coach = scene.coach();
        scene.earned(scene.somebody("mentee"), coach);
        String payout = coach.posts("/v1/me/payouts", Map.of("method", "standard")).then().statusCode(201).extract().path("id");

        scene.killAtCall("POST /v1/payouts/[^/]+/cancel", Moment.AFTER_THE_EFFECT,
                () -> coach.postsInVain("/v1/me/payouts/" + payout + "/cancel", Map.of()));

        soon().untilAsserted(() -> {
            scene.timePasses();
            coach.gets("/v1/me/payouts").then().body("data[0].status", equalTo("canceled"));
        });
        scene.agree(coach);
        coach.gets("/v1/me/balance").then().body("[0].available.amount", equalTo("100.00"));
    }

    @Test
    void submitsEvidenceOnce() throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String payment = scene.paid(mentee, coach);
        String charge = scene.column("select stripe_charge_id from transactions where id = '" + payment + "'").get(0);
        String atStripe = scene.control("POST", "/sandbox/disputes", Map.of("charge", charge)).getString("id");
        AtomicReference<String> dispute = new AtomicReference<>();
        soon().untilAsserted(() -> {
            dispute.set(coach.gets("/v1/transactions/" + payment).then().extract().path("disputes[0].id"));
            assertThat(dispute.get()).isNotNull();
        });
        coach.puts("/v1/disputes/" + dispute + "/evidence", Map.of("uncategorized_text", "We met.")).then().statusCode(200);

        scene.killAtCall("POST /v1/disputes/[^/]+", Moment.AFTER_THE_EFFECT,
                () -> coach.postsInVain("/v1/disputes/" + dispute + "/submit", Map.of()));

        soon().untilAsserted(() -> {
            scene.timePasses();
            coach.gets("/v1/disputes/" + dispute).then().body("status", equalTo("under_review"))
                    .body("evidenceSubmittedAt", notNullValue());
        });
        assertThat(scene.atStripe().get("/v1/disputes/" + atStripe).jsonPath().getInt("evidence_details.submission_count"))
                .isOne();
    }

    @Test
    void goesOnWithAnImportThatWasCutOff() throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String session = scene.booked(mentee, coach);
        String secret = scene.begun(mentee, session).path("clientSecret");

        scene.killAtCall("GET /v1/balance_transactions", Moment.AFTER_THE_EFFECT, () -> scene.pay(secret));

        scene.isConfirmed(mentee, session);
        scene.agree(coach);
        soon().untilAsserted(
                () -> coach.gets("/v1/me/balance").then().body("[0].available.amount", equalTo("100.00")));
    }

    @ParameterizedTest
    @EnumSource
    void recoversADisputedShareOnceAndRepaysItOnce(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String payment = scene.paid(mentee, coach);
        String transfer = scene.column("select stripe_transfer_id from transfers where transaction_id = '" + payment + "'")
                .get(0);
        String charge = scene.column("select stripe_charge_id from transactions where id = '" + payment + "'").get(0);
        AtomicReference<String> dispute = new AtomicReference<>();

        scene.killAtCall("POST /v1/transfers/[^/]+/reversals", moment,
                () -> dispute.set(scene.control("POST", "/sandbox/disputes", Map.of("charge", charge)).getString("id")));
        soon().untilAsserted(() -> {
            scene.timePasses();
            assertThat(scene.countAtStripe("/v1/transfers/" + transfer + "/reversals", Map.of(), "")).isOne();
        });
        scene.agree(coach);
        scene.killAtCall("POST /v1/transfers", moment,
                () -> scene.control("POST", "/sandbox/disputes/" + dispute.get() + "/close", Map.of("status", "won")));

        soon().untilAsserted(() -> {
            scene.timePasses();
            coach.gets("/v1/me/balance").then().body("[0].totalEarnings.amount", equalTo("100.00"));
        });
        scene.agree(coach);
        assertThat(scene.countAtStripe("/v1/transfers/" + transfer + "/reversals", Map.of(), "")).isOne();
        assertThat(scene.countAtStripe("/v1/transfers", Map.of("destination", coach.account()), "")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void repaysACoachOnceWhenARefundFails(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String payment = scene.paid(mentee, coach);
        coach.posts("/v1/transactions/" + payment + "/refunds", Map.of("reason", "ill")).then().statusCode(201);
        soon().untilAsserted(() -> mentee.gets("/v1/transactions/" + payment).then().body("status", equalTo("refunded")));
        scene.agree(coach);
        String refund = scene.column("select stripe_refund_id from refunds where transaction_id = '" + payment + "'").get(0);

        scene.killAtCall("POST /v1/transfers", moment,
                () -> scene.control("POST", "/sandbox/refunds/" + refund + "/fail", Map.of()));

        soon().untilAsserted(() -> {
            scene.timePasses();
            coach.gets("/v1/me/balance").then().body("[0].totalEarnings.amount", equalTo("100.00"));
        });
        scene.agree(coach);
        mentee.gets("/v1/transactions/" + payment).then().body("status", equalTo("completed"));
        assertThat(scene.countAtStripe("/v1/transfers", Map.of("destination", coach.account()), "")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = { "POST /v1/transfers/[^/]+/reversals", "POST /v1/application_fees/[^/]+/refunds" })
    void takesBackOnceWhatARefundInTheDashboardLeft(String call) throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String payment = scene.paid(mentee, coach);
        scene.toppedUp(20000);

        scene.killAtCall(call, Moment.AFTER_THE_EFFECT, () -> scene.atStripe().formParam("payment_intent",
                intent(mentee, payment)).post("/v1/refunds").then().statusCode(200));

        soon().untilAsserted(() -> {
            scene.timePasses();
            coach.gets("/v1/me/balance").then().body("[0].totalEarnings.amount", equalTo("0.00"));
        });
        scene.agree(coach);
        String transfer = scene.column("select stripe_transfer_id from transfers where transaction_id = '" + payment + "'")
                .get(0);
        assertThat(scene.countAtStripe("/v1/transfers/" + transfer + "/reversals", Map.of(), "")).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void removesACardThatWasBeingRemoved(Moment moment) throws Exception {
        Visitor mentee = scene.somebody("mentee");
        String removed = cardOf(mentee, "pm_card_visa", 1);
        cardOf(mentee, "pm_card_mastercard", 2);

        scene.killAtCall("POST /v1/payment_methods/[^/]+/detach", moment,
                () -> mentee.deletesInVain("/v1/me/payment-methods/" + removed));

        soon().untilAsserted(() -> {
            scene.timePasses();
            mentee.gets("/v1/me/payment-methods").then().body("last4", equalTo(List.of("4444"))).body("isDefault",
                    equalTo(List.of(true)));
            assertThat(scene.countAtStripe("/v1/customers/" + customer(mentee) + "/payment_methods", Map.of(), "")).isOne();
        });
    }

    @ParameterizedTest
    @EnumSource
    void choosesADefaultThatWasBeingChosen(Moment moment) throws Exception {
        Visitor mentee = scene.somebody("mentee");
        cardOf(mentee, "pm_card_visa", 1);
        String chosen = cardOf(mentee, "pm_card_mastercard", 2);

        scene.killAtCall("POST /v1/customers/[^/]+", moment,
                () -> mentee.putsInVain("/v1/me/payment-methods/" + chosen + "/default"));

        soon().untilAsserted(() -> {
            scene.timePasses();
            mentee.gets("/v1/me").then().body("defaultPaymentMethodId", equalTo(chosen));
        });
        String named = scene.atStripe().get("/v1/customers/" + customer(mentee)).then().extract()
                .path("invoice_settings.default_payment_method");
        assertThat(scene.column("select stripe_payment_method_id from payment_methods where id = '" + chosen + "'"))
                .containsExactly(named);
    }

    @ParameterizedTest
    @EnumSource
    void leavesNoSetupOpenThatNobodyCanFinish(Moment moment) throws Exception {
        Visitor mentee = scene.somebody("mentee");

        scene.killAtCall("POST /v1/setup_intents", moment,
                () -> mentee.postsInVain("/v1/me/payment-methods/setup", Map.of("ui", "elements")));

        soon().untilAsserted(() -> {
            scene.timePasses();
            assertThat(scene.column("select status from payment_method_setups where user_id = '" + mentee.id() + "'"))
                    .containsExactly("canceled");
        });
        assertThat(scene.atStripe().queryParam("customer", customer(mentee)).get("/v1/setup_intents").jsonPath()
                .getList("data.status")).containsExactly("canceled");
    }

    /** A card that is saved in the client's form, and is the so-many-eth of its owner; our id of it. */
    private static String cardOf(Visitor mentee, String card, int cards) {
        JsonPath setup = mentee.posts("/v1/me/payment-methods/setup", Map.of("ui", "elements")).then().statusCode(201).extract()
                .jsonPath();
        scene.atStripe().formParam("payment_method", card)
                .post("/v1/setup_intents/" + setup.getString("clientSecret").replaceAll("_secret_.*", "") + "/confirm").then()
                .statusCode(200);
        soon().untilAsserted(() -> mentee.gets("/v1/me/payment-methods/setup/" + setup.getString("setupId")).then()
                .body("status", equalTo("succeeded")));
        return mentee.gets("/v1/me/payment-methods").then().body("size()", equalTo(cards)).extract().path("[0].id");
    }

    @Test
    void handlesAnEventThatWasStoredAndNoMore() throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String session = scene.booked(mentee, coach);
        String secret = scene.begun(mentee, session).path("clientSecret");

        scene.killAtWebhook(() -> scene.pay(secret));
        scene.timePasses();

        scene.isConfirmed(mentee, session);
        soon().untilAsserted(
                () -> coach.gets("/v1/me/balance").then().body("[0].available.amount", equalTo("100.00")));
    }

    private static String customer(Visitor mentee) {
        return mentee.gets("/v1/me").then().statusCode(200).extract().path("stripeCustomerId");
    }

    private static String intent(Visitor mentee, String payment) {
        return mentee.gets("/v1/transactions/" + payment).then().statusCode(200).extract().path("stripePaymentIntentId");
    }
}
