package io.coachpay.packaged;

import static io.coachpay.packaged.CrashScene.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.packaged.CrashScene.Visitor;
import io.coachpay.packaged.CrashingWire.Moment;

/**
 * The process is killed between the steps of whatever takes several: before a request reaches Stripe, and after it took effect
 * but before the answer was read. A new process ends each story right.
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
                .getList("data.findAll { it.metadata.session_id == '" + session + "' || it.transfer_data.destination == '"
                        + coach.account() + "' }"))
                .hasSize(1);
        soon().untilAsserted(
                () -> coach.gets("/v1/me/balance").then().body("[0].available.amount", equalTo("100.00")));
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

    @ParameterizedTest
    @EnumSource
    void paysOutOnce(Moment moment) throws Exception {
        Visitor coach = scene.coach();
        scene.paid(scene.somebody("mentee"), coach);

        scene.killAtCall("POST /v1/payouts", moment, () -> coach.postsInVain("/v1/me/payouts", Map.of("method", "standard")));

        scene.agree(coach);
        soon().untilAsserted(() -> coach.gets("/v1/me/payouts").then().body("data.size()", equalTo(1))
                .body("data[0].status", oneOf("pending", "in_transit", "paid"))
                .body("data[0].amount.amount", equalTo("100.00")));
        assertThat(scene.countAtStripe("/v1/payouts", Map.of(), coach.account())).isOne();
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

    @Test
    void handlesAnEventThatWasStoredAndNoMore() throws Exception {
        Visitor coach = scene.coach();
        Visitor mentee = scene.somebody("mentee");
        String session = scene.booked(mentee, coach);
        String secret = mentee.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).then()
                .statusCode(200).extract().path("clientSecret");

        scene.killAtWebhook(() -> scene.pay(secret));
        scene.timePasses();

        scene.isConfirmed(mentee, session);
        soon().untilAsserted(
                () -> coach.gets("/v1/me/balance").then().body("[0].available.amount", equalTo("100.00")));
    }

    private static String intent(Visitor mentee, String payment) {
        return mentee.gets("/v1/transactions/" + payment).then().statusCode(200).extract().path("stripePaymentIntentId");
    }
}
