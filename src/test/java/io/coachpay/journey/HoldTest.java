package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.Webhook;
import io.coachpay.access.Access;
import io.coachpay.job.Jobs;
import io.coachpay.payment.Origin;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.stripe.StripePaymentIntent;

/** A slot is held while a mentee pays for it, and freed only when Stripe has ended the payment. */
@ServiceTest
class HoldTest {

    private static final String ANOTHER = """
            insert into transactions (id, type, method, amount, currency, platform_fee, coach_payout, payer_id, coach_id, session_id,
                   destination_account, stripe_customer_id, expires_at, description)
            select gen_random_uuid(), type, method, amount, currency, platform_fee, coach_payout, payer_id, coach_id, session_id,
                   destination_account, stripe_customer_id, expires_at, description from transactions where session_id = '%s' limit 1""";

    @Inject
    Jobs jobs;
    @Inject
    Access access;
    @Inject
    TransactionBooks payments;

    private Person carol;
    private Person alice;
    private Instant start;
    private String session;

    @BeforeEach
    void book() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        alice = Person.called("alice");
        start = freeTime();
        session = booked(alice, carol, start, 60);
    }

    @Test
    void expiresWithoutAPayment() {
        StripeSandbox.advance(Duration.ofMinutes(31));
        jobs.runNow("hold-expiry");

        isSoon(alice, session, "expired", "pending");
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:session-expired"));
        booked(Person.called("bob"), carol, start, 60);
        hasMovedNoMoney();
    }

    @Test
    void holdsAsLongAsAPaymentMayTake() {
        StripeSandbox.advance(Duration.ofMinutes(20));
        secret();
        StripeSandbox.advance(Duration.ofMinutes(20));
        jobs.runNow("hold-expiry");

        alice.gets("/v1/sessions/" + session).body("status", equalTo("pending_payment"));
    }

    @Test
    void endsThePaymentAtStripeBeforeTheSlotIsFree() {
        String secret = secret();
        StripeSandbox.advance(Duration.ofMinutes(32));
        jobs.runNow("hold-expiry");

        isSoon(alice, session, "expired", "canceled");
        assertThat(Marketplace.intent(secret).getString("status")).isEqualTo("canceled");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(400);
        hasMovedNoMoney();
    }

    @Test
    void concludesAPaymentThatWasQuickerThanTheExpiry() {
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"kind": "platform"}, "do": "drop"}]}""");
        String secret = secret();
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        StripeSandbox.noFaults();

        StripeSandbox.advance(Duration.ofMinutes(32));
        jobs.runNow("hold-expiry");

        isSoon(alice, session, "confirmed", "paid");
        Marketplace.hearsOfAll();
        isPaidOnce();
    }

    @Test
    void endsThePageAtStripeWhenThePayerTakesAnotherWay() {
        String page = Marketplace.page(alice, session);

        String secret = secret();

        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(400);
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");
        isPaidOnce();
    }

    @Test
    void givesAPaymentUpAndBeginsAnother() {
        String secret = secret();
        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(204);
        alice.gets("/v1/sessions/" + session + "/payment").statusCode(404);

        assertThat(Marketplace.intent(secret).getString("status")).isEqualTo("canceled");
        StripeSandbox.payIntent(secret(), "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");
        isPaidOnce();
    }

    @Test
    void endsAHoldAfterTwoHoursHoweverOftenAPaymentIsBegun() {
        Instant ends = StripeSandbox.now().plus(Duration.ofHours(2)).plusSeconds(5);
        String payment = "/v1/sessions/" + session + "/payment";
        int rounds = 0;
        while (alice.posts(payment, Map.of("method", "payment_intent")).extract().statusCode() == 200) {
            assertThat(Instant.parse(alice.gets("/v1/sessions/" + session).extract().path("holdExpiresAt"))).isBefore(ends);
            assertThat(++rounds).isLessThan(10);
            StripeSandbox.advance(Duration.ofMinutes(25));
            alice.deletes(payment);
        }

        assertThat(rounds).isEqualTo(5);
        alice.posts(payment, Map.of("method", "checkout")).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:session-expired"));
        jobs.runNow("hold-expiry");
        isSoon(alice, session, "expired", "canceled");
        booked(Person.called("bob"), carol, start, 60);
    }

    @Test
    void refusesASecondPaymentWhileOneIsProcessed() {
        String secret = secret();
        Webhook.post(Webhook.event("payment_intent.processing", Marketplace.intent(secret).put("status", "processing")))
                .statusCode(200);
        isSoon(alice, session, "pending_payment", "processing");

        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:payment-in-progress"));
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout")).statusCode(409)
                .body("type", equalTo("urn:coachpay:problem:already-paid"));
        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(409);
    }

    @Test
    void confirmsALatePaymentWhenTheSlotIsStillFree() {
        String intent = outlivesItsPage();
        StripeSandbox.advance(Duration.ofMinutes(32));
        jobs.runNow("hold-expiry");
        isSoon(alice, session, "expired", "canceled");

        StripeSandbox.payIntent(intent, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        isPaidOnce("late_payment");
        alice.posts("/v1/sessions/" + session + "/cancel", Map.of()).statusCode(200);
    }

    @Test
    void refundsALatePaymentInFullWhenTheSlotIsTaken() {
        String intent = outlivesItsPage();
        StripeSandbox.advance(Duration.ofMinutes(32));
        jobs.runNow("hold-expiry");
        isSoon(alice, session, "expired", "canceled");
        booked(Person.called("bob"), carol, start, 60);

        StripeSandbox.payIntent(intent, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "expired", "refunded");
        isGivenBack();
        Outcome.isSoon(session, "0.00", "-3.20", "3.20");
    }

    @Test
    void refundsALatePaymentInFullWhenItsSessionIsCancelled() {
        String intent = outlivesItsPage();
        alice.posts("/v1/sessions/" + session + "/cancel", Map.of()).statusCode(200);

        StripeSandbox.payIntent(intent, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "cancelled", "refunded");
        isGivenBack();
    }

    @Test
    void refundsALatePaymentInFullWhenItsSessionIsPaidByAnother() {
        String late = outlivesItsPage();
        StripeSandbox.payIntent(secret(), "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");

        StripeSandbox.payIntent(late, "pm_card_visa").statusCode(200);

        isGivenBack();
        alice.gets("/v1/sessions/" + session).body("status", equalTo("confirmed")).body("paymentStatus", equalTo("paid"));
        assertThat(Books.journals(session, "session_paid")).isEqualTo(2);
        alice.gets("/v1/sessions/" + session + "/payment").body("status", equalTo("completed"));
    }

    @Test
    void refundsALatePaymentInFullWhileItsSessionIsPaidInAnotherWay() {
        String late = outlivesItsPage();
        String secret = secret();

        StripeSandbox.payIntent(late, "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> assertThat(Books.journals(session, "refunded")).isEqualTo(1));

        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, session, "confirmed", "paid");
        isGivenBack();
    }

    /** The mentee begins another payment, and has the session; the late payment has its own row. */
    @Test
    void waitsForWhoeverBeginsAnotherPaymentAtTheSameMoment() throws Exception {
        String late = outlivesItsPage();
        StripeSandbox.faults("""
                {"webhooks": [{"match": {"kind": "platform"}, "do": "drop"}]}""");
        StripeSandbox.payIntent(late, "pm_card_visa").statusCode(200);
        StripePaymentIntent paid = StripePaymentIntent.from(new ObjectMapper().readTree(Marketplace.intent(late).encode()));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Connection begins = OwnerSql.another(); Statement statement = begins.createStatement()) {
            begins.setAutoCommit(false);
            statement.execute("select 1 from sessions where id = '" + session + "' for no key update");

            Future<?> concluded = threads
                    .submit(() -> access.runAsService(() -> payments.apply(paid, Origin.own("told"), StripeSandbox.now())));
            soon().until(() -> !OwnerSql.rows("select 1 from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0")
                    .isEmpty());
            statement.execute(ANOTHER.formatted(session));
            begins.commit();

            concluded.get();
        } finally {
            threads.shutdownNow();
        }
        StripeSandbox.noFaults();
        assertThat(Books.texts("select surplus::text from transactions where stripe_payment_intent_id = '" + late + "'"))
                .containsExactly("true");
        Books.set("update transactions set status = 'canceled' where status = 'pending' and session_id = '" + session + "'");
    }

    @Test
    void cannotBePaidOnceItHasBegun() {
        Instant soonAfter = StripeSandbox.now().plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.SECONDS);
        String next = booked(alice, Marketplace.coach("carol", "100.00", "USD"), soonAfter, 15);
        String payment = "/v1/sessions/" + next + "/payment";
        String page = alice.posts(payment, Map.of("method", "checkout")).statusCode(200).extract().path("checkoutUrl");
        assertThat(Instant.parse(alice.gets("/v1/sessions/" + next).extract().path("holdExpiresAt")))
                .isBeforeOrEqualTo(soonAfter);

        StripeSandbox.advance(Duration.ofMinutes(11));

        alice.posts(payment, Map.of("method", "payment_intent")).statusCode(409)
                .body("type",
                        anyOf(equalTo("urn:coachpay:problem:session-begun"), equalTo("urn:coachpay:problem:session-expired")));
        jobs.runNow("hold-expiry");
        isSoon(alice, next, "expired", "canceled");
        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(400);
    }

    @Test
    void givesBackWhatIsPaidOnceItHasBegun() {
        Instant soonAfter = StripeSandbox.now().plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.SECONDS);
        carol = Marketplace.coach("carol", "100.00", "USD");
        session = booked(alice, carol, soonAfter, 60);
        String secret = secret();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payment_intents/*/cancel"}, "do": "500_before"}]}""");
        StripeSandbox.advance(Duration.ofMinutes(11));

        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        StripeSandbox.noFaults();

        isSoon(alice, session, "expired", "refunded");
        soon().untilAsserted(() -> assertThat(Books.journals(session, "fee_refunded")).isEqualTo(1));
        Books.closeFor(carol);
    }

    @Test
    void chargesNoSavedCardAfterThePaymentsTime() {
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200);
        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(204);
        String customer = alice.gets("/v1/me").extract().path("stripeCustomerId");
        StripeSandbox.saveCard(customer, "pm_card_visa");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("id", hasSize(1)));
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payment_intents/*/confirm"}, "do": "refuse"}]}""");
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card")).statusCode(503);
        StripeSandbox.noFaults();

        StripeSandbox.advance(Duration.ofHours(5));
        jobs.runNow("payment-check");
        jobs.runNow("hold-expiry");

        isSoon(alice, session, "expired", "canceled");
        StripeSandbox.request().queryParam("customer", customer).get("/v1/charges").then().body("data", hasSize(0));
    }

    /** A payment whose page is closed and whose PaymentIntent Stripe has not ended: its id. */
    private String outlivesItsPage() {
        StripeSandbox.faults("""
                {"intents": [{}]}""");
        String page = Marketplace.page(alice, session);
        StripeSandbox.payCheckout(page, "pm_card_visa_chargeDeclined").statusCode(402);
        isSoon(alice, session, "pending_payment", "failed");
        String intent = intentOfSession();
        alice.deletes("/v1/sessions/" + session + "/payment").statusCode(204);
        StripeSandbox.noFaults();
        return intent;
    }

    private String intentOfSession() {
        return Books.texts("select stripe_payment_intent_id from transactions where session_id = '" + session + "'").get(0);
    }

    /** The late money is back with the payer, and everybody's books agree. */
    private void isGivenBack() {
        soon().untilAsserted(() -> assertThat(Books.journals(session, "transfer_reversed")).isEqualTo(1));
        soon().untilAsserted(() -> assertThat(Books.journals(session, "fee_refunded")).isEqualTo(1));
        Books.closeFor(carol, "late_payment");
    }

    /** No money has moved, on either side. */
    private void hasMovedNoMoney() {
        assertThat(Books.texts("""
                select j.kind from ledger_journals j join transactions t on t.id = j.transaction_id
                 where t.session_id = '%s'""".formatted(session))).isEmpty();
        Books.closeFor(carol);
        carol.gets("/v1/me/balance").body("totalEarnings.amount", everyItem(equalTo("0.00")));
    }

    /** The price of 100.00, of which Stripe gets 3.20 and the coach 80.00. */
    private void isPaidOnce(String... found) {
        assertThat(Books.journals(session, "session_paid")).isEqualTo(1);
        Outcome.isSoon(session, "80.00", "16.80", "-96.80");
        Books.closeFor(carol, found);
    }

    private String secret() {
        return Marketplace.clientSecret(alice, session);
    }
}
