package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.Webhook;
import io.coachpay.job.Jobs;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;

/** A session does not take place, or it does: the consequences for the money. */
@ServiceTest
class CancellationTest {

    @Inject
    Jobs jobs;

    private Person carol;
    private Person alice;
    private Instant start;
    private String session;

    @BeforeEach
    void book() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        alice = Person.called("alice");
        start = freeTime();
        session = booked(alice, carol, start, 75);
    }

    @Test
    void endsAnUnpaidSessionsPaymentAtStripeFirst() {
        String secret = secret();

        cancel(alice).statusCode(200).body("status", equalTo("cancelled")).body("paymentStatus", equalTo("canceled"))
                .body("cancelledBy", equalTo("mentee")).body("cancelledAt", notNullValue()).body("refund", nullValue());

        assertThat(Marketplace.intent(secret).getString("status")).isEqualTo("canceled");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(400);
        booked(Person.called("bob"), carol, start, 75);
        Problem.is(alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")), 409,
                "session-not-payable");
    }

    @Test
    void endsASessionNobodyBeganToPay() {
        cancel(carol).statusCode(200).body("status", equalTo("cancelled")).body("cancelledBy", equalTo("coach"));

        Problem.is(cancel(alice), 409, "session-not-cancellable");
        booked(Person.called("bob"), carol, start, 75);
    }

    @Test
    void givesEverythingBackInTime() {
        pay();

        cancel(alice).statusCode(200).body("status", equalTo("cancelled")).body("refund.amount", equalTo("125.00"));

        isRefunded("refunded", "0.00");
    }

    @Test
    void givesTheAgreedShareBackLate() {
        Books.set("update sessions set free_cancellation_hours = 100000, late_cancellation_refund_percentage = 50 where id = '"
                + session + "'");
        pay();

        cancel(alice).statusCode(200).body("refund.amount", equalTo("62.50"));

        isRefunded("partially_refunded", "50.00");
        Outcome.isSoon(session, "50.00", "8.57", "-58.57");
    }

    @Test
    void givesOfTheShareWhatHasNotGoneBackYet() {
        lateForHalf();
        pay();
        goodwill("50.00");

        cancel(alice).statusCode(200).body("refund.amount", equalTo("12.50"));

        isRefunded("partially_refunded", "50.00");
        Outcome.isSoon(session, "50.00", "8.57", "-58.57");
    }

    @Test
    void givesNothingMoreWhereTheShareHasGoneBackAlready() {
        lateForHalf();
        pay();
        goodwill("62.50");

        cancel(alice).statusCode(200).body("refund", nullValue());

        isRefunded("partially_refunded", "50.00");
    }

    @Test
    void givesNothingMoreWhereMoreThanTheShareHasGoneBack() {
        lateForHalf();
        pay();
        goodwill("100.00");

        cancel(alice).statusCode(200).body("refund", nullValue());

        isRefunded("partially_refunded", "20.00");
    }

    @Test
    void givesOfTheShareWhatTheBankHasNotTaken() {
        lateForHalf();
        pay();
        String charge = Books.texts("select stripe_charge_id from transactions where session_id = '" + session + "'").get(0);
        String dispute = StripeSandbox.control("/sandbox/disputes", Map.of("charge", charge, "amount", 5000)).statusCode(200)
                .extract().path("id");
        isSoon(alice, session, "confirmed", "disputed");
        StripeSandbox.control("/sandbox/disputes/" + dispute + "/close", Map.of("status", "lost")).statusCode(200);
        soon().until(() -> Books.texts("select status from disputes where stripe_dispute_id = '" + dispute + "'")
                .equals(List.of("lost")));

        cancel(alice).statusCode(200).body("refund.amount", equalTo("12.50"));

        isSoon(alice, session, "cancelled", "disputed");
        Books.closeFor(carol);
    }

    @Test
    void givesNothingBackLateUnlessAgreed() {
        Books.set("update sessions set free_cancellation_hours = 100000 where id = '" + session + "'");
        pay();

        cancel(alice).statusCode(200).body("status", equalTo("cancelled")).body("paymentStatus", equalTo("paid"))
                .body("refund", nullValue());

        keepsThePrice();
    }

    @Test
    void givesEverythingBackWhenTheCoachCancelsHoweverLate() {
        Books.set("update sessions set free_cancellation_hours = 100000 where id = '" + session + "'");
        pay();
        begin();

        Problem.is(cancel(alice), 409, "session-begun");
        cancel(carol).statusCode(200).body("cancelledBy", equalTo("coach")).body("refund.amount", equalTo("125.00"));

        isRefunded("refunded", "0.00");
    }

    @Test
    void givesEverythingBackWhenAnAdministratorCancels() {
        pay();

        cancel(Person.admin()).statusCode(200).body("cancelledBy", equalTo("admin")).body("platformFee", nullValue())
                .body("refund.amount", equalTo("125.00"));

        isRefunded("refunded", "0.00");
    }

    @Test
    void givesEverythingBackThatStripeTookMeanwhile() {
        Books.set("update sessions set free_cancellation_hours = 100000 where id = '" + session + "'");
        String secret = secret();
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"type": "payment_intent.succeeded"}, "do": "drop"}]}""");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        StripeSandbox.noFaults();

        cancel(alice).statusCode(200).body("status", equalTo("cancelled")).body("refund.amount", equalTo("125.00"));

        isRefunded("refunded", "0.00");
    }

    @Test
    void isRefusedWhileTheBankIsBusyWithItsPayment() {
        JsonObject processing = Marketplace.intent(secret()).put("status", "processing");
        Webhook.post(Webhook.event("payment_intent.processing", processing)).statusCode(200);
        isSoon(alice, session, "pending_payment", "processing");
        StripeSandbox.faults("""
                {"requests": [{"match": {"path": "/v1/payment_intents/%s/cancel"}, "do": "error", "status": 400,
                  "type": "invalid_request_error", "code": "payment_intent_unexpected_state"}]}"""
                .formatted(processing.getString("id")));

        ValidatableResponse refused = cancel(alice);

        StripeSandbox.noFaults();
        Problem.is(refused, 409, "payment-in-progress");
        alice.gets("/v1/sessions/" + session).body("status", equalTo("pending_payment"));
        cancel(alice).statusCode(200).body("paymentStatus", equalTo("canceled"));
    }

    @Test
    void refundsAPaymentThatComesAfterTheCancellation() {
        String secret = secret();
        Books.set(
                "update sessions set status = 'cancelled', cancelled_at = now(), cancelled_by = 'coach' where id = '" + session
                        + "'");

        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        isRefunded("refunded", "0.00");
    }

    @Test
    void isCancelledByOneOfTwo() {
        pay();

        List<Integer> answers = eachAtOnce(() -> cancel(alice), () -> cancel(carol), () -> cancel(alice), () -> cancel(carol));

        assertThat(answers).containsExactlyInAnyOrder(200, 409, 409, 409);
        assertThat(refunds()).isEqualTo(1);
        isRefunded("refunded", "0.00");
    }

    @Test
    void isEitherCancelledOrCompleted() {
        pay();
        begin();

        List<Integer> answers = eachAtOnce(() -> cancel(carol), () -> carol.posts("/v1/sessions/" + session + "/complete"),
                () -> carol.posts("/v1/sessions/" + session + "/no-show"));

        assertThat(answers).containsExactlyInAnyOrder(200, 409, 409);
        String status = alice.gets("/v1/sessions/" + session).extract().path("status");
        assertThat(refunds()).isEqualTo(status.equals("cancelled") ? 1 : 0);
    }

    @Test
    void isNotConfirmedByAPaymentMadeAtThatMoment() {
        String secret = secret();

        eachAtOnce(() -> StripeSandbox.payIntent(secret, "pm_card_visa"), () -> cancel(alice));

        String refunded = alice.gets("/v1/sessions/" + session).body("status", equalTo("cancelled")).extract()
                .path("paymentStatus").toString().equals("canceled") ? "canceled" : "refunded";
        isSoon(alice, session, "cancelled", refunded);
        Books.closeFor(carol);
        carol.gets("/v1/me/balance").body("totalEarnings.amount", everyItem(equalTo("0.00")));
    }

    @Test
    void answersTheSameToTheSameRequest() {
        pay();
        String key = "cancel-" + session;

        for (int time = 0; time < 2; time++) {
            alice.asks().header("Idempotency-Key", key).post("/v1/sessions/" + session + "/cancel").then().statusCode(200)
                    .body("refund.amount", equalTo("125.00"));
        }
        assertThat(refunds()).isEqualTo(1);
    }

    @Test
    void takesPlaceWhenItsCoachSaysSo() {
        pay();
        Problem.is(carol.posts("/v1/sessions/" + session + "/complete"), 409, "session-not-begun");
        begin();

        alice.posts("/v1/sessions/" + session + "/complete").statusCode(404);
        carol.posts("/v1/sessions/" + session + "/complete").statusCode(200).body("status", equalTo("completed"))
                .body("completedAt", notNullValue());

        Problem.is(carol.posts("/v1/sessions/" + session + "/no-show"), 409, "session-not-confirmed");
        Problem.is(cancel(carol), 409, "session-not-cancellable");
        keepsThePrice();
    }

    @Test
    void isPaidForAllTheSameWhenTheMenteeDoesNotCome() {
        pay();
        Problem.is(carol.posts("/v1/sessions/" + session + "/no-show"), 409, "session-not-begun");
        begin();

        alice.posts("/v1/sessions/" + session + "/no-show").statusCode(404);
        carol.posts("/v1/sessions/" + session + "/no-show").statusCode(200).body("status", equalTo("no_show"))
                .body("paymentStatus", equalTo("paid")).body("completedAt", notNullValue());

        Problem.is(carol.posts("/v1/sessions/" + session + "/complete"), 409, "session-not-confirmed");
        Problem.is(cancel(alice), 409, "session-not-cancellable");
        Problem.is(cancel(Person.admin()), 409, "session-not-cancellable");
        keepsThePrice();
        assertThat(refunds()).isZero();
        isSoon(alice, session, "no_show", "paid");
    }

    @Test
    void givesBackWhatTheCoachRefundsAfterANoShow() {
        pay();
        begin();
        carol.posts("/v1/sessions/" + session + "/no-show").statusCode(200);
        String payment = alice.gets("/v1/transactions").extract().path("data[0].id");

        carol.posts("/v1/transactions/" + payment + "/refunds",
                Map.of("amount", Map.of("amount", "62.50", "currency", "USD"), "reason", "They were ill")).statusCode(201);

        isSoon(alice, session, "no_show", "partially_refunded");
        Outcome.isSoon(session, "50.00", "8.57", "-58.57");
        Books.closeFor(carol);
    }

    @Test
    void isCompletedADayAfterItsEnd() {
        pay();
        jobs.runNow("session-completion");
        alice.gets("/v1/sessions/" + session).body("status", equalTo("confirmed"));
        movedTo(StripeSandbox.now().minus(Duration.ofHours(23)).minus(Duration.ofMinutes(75)));
        jobs.runNow("session-completion");
        alice.gets("/v1/sessions/" + session).body("status", equalTo("confirmed"));

        movedTo(StripeSandbox.now().minus(Duration.ofHours(24)).minus(Duration.ofMinutes(75)));
        jobs.runNow("session-completion");

        isSoon(alice, session, "completed", "paid");
    }

    // ---- events of these stories

    private ValidatableResponse cancel(Person who) {
        return who.posts("/v1/sessions/" + session + "/cancel");
    }

    private void lateForHalf() {
        Books.set("update sessions set free_cancellation_hours = 100000, late_cancellation_refund_percentage = 50 where id = '"
                + session + "'");
    }

    /** The coach refunds this voluntarily. */
    private void goodwill(String amount) {
        String payment = alice.gets("/v1/transactions").extract().path("data[0].id");
        carol.posts("/v1/transactions/" + payment + "/refunds",
                Map.of("amount", Map.of("amount", amount, "currency", "USD"), "reason", "They were ill")).statusCode(201);
        isSoon(alice, session, "confirmed", "partially_refunded");
    }

    private void pay() {
        StripeSandbox.payIntent(secret(), "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");
    }

    private void begin() {
        movedTo(StripeSandbox.now().minus(Duration.ofMinutes(1)));
    }

    private void movedTo(Instant startsAt) {
        Books.set("update sessions set starts_at = '%s', ends_at = '%s' where id = '%s'".formatted(startsAt,
                startsAt.plus(Duration.ofMinutes(75)), session));
    }

    private void isRefunded(String paymentStatus, String earnings) {
        isSoon(alice, session, "cancelled", paymentStatus);
        soon().untilAsserted(
                () -> carol.gets("/v1/me/balance").body("totalEarnings.amount", everyItem(equalTo(earnings))));
        Books.closeFor(carol);
    }

    /** The session counts as held: 125.00, of which Stripe gets 3.93 and the coach 100.00. */
    private void keepsThePrice() {
        Outcome.isSoon(session, "100.00", "21.07", "-121.07");
        Books.closeFor(carol);
        carol.gets("/v1/me/balance").body("totalEarnings.amount", everyItem(equalTo("100.00")));
    }

    private int refunds() {
        return Books
                .texts("select r.id::text from refunds r join transactions t on t.id = r.transaction_id where t.session_id = '"
                        + session + "'")
                .size();
    }

    @SafeVarargs
    private static List<Integer> eachAtOnce(Callable<ValidatableResponse>... requests) {
        AtomicInteger next = new AtomicInteger();
        return AtOnce.times(requests.length, () -> requests[next.getAndIncrement()].call().extract().statusCode());
    }

    private String secret() {
        return Marketplace.clientSecret(alice, session);
    }
}
