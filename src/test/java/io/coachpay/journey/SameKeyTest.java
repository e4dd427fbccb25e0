package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.response.ValidatableResponse;

/** A request is repeated under its key while the first is still at work, for longer than expected: it is one request. */
@ServiceTest
class SameKeyTest {

    private static final Duration TAKEN_FOR_DEAD = Duration.ofSeconds(61);

    private String key;

    @BeforeEach
    void think() {
        key = UUID.randomUUID().toString();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void makesOneRefundHoweverLongTheFirstRequestTakes() {
        Sale sale = Sale.usual();
        Map<String, ?> form = Map.of("amount", Marketplace.money("25.00", "USD"), "reason", "We finished early");
        Supplier<ValidatableResponse> refunding = () -> posts(sale.carol, "/v1/transactions/" + sale.payment + "/refunds",
                form);
        StripeSandbox
                .faults("""
                        {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "latency", "millis": 9000, "times": 1}]}""");

        List<ValidatableResponse> answers = twice(refunding, () -> {
        });

        assertThat(answers).extracting(answer -> answer.extract().statusCode()).containsExactly(201, 201);
        assertThat(answers).extracting(answer -> answer.extract().path("id").toString()).containsOnly(
                answers.get(0).extract().path("id").toString());
        sale.isSoon("partially_refunded", "25.00");
        sale.isSettledSoon();
        assertThat(OwnerSql.rows("select 1 from refunds where transaction_id = ?", sale.payment)).hasSize(1);
        List<Object> atStripe = StripeSandbox.request().queryParam("payment_intent", sale.paymentIntent()).get("/v1/refunds")
                .then().statusCode(200).extract().path("data");
        assertThat(atStripe).hasSize(1);
    }

    @Test
    void makesOnePayoutHoweverLongTheFirstRequestTakes() {
        Person carol = Earnings.coachWith100("weekly", "10.00");
        Map<String, ?> form = Map.of("amount", Marketplace.money("40.00", "USD"), "method", "standard");
        StripeSandbox
                .faults("""
                        {"requests": [{"match": {"method": "POST", "path": "/v1/payouts"}, "do": "lost_answer", "millis": 9000, "times": 1}]}""");

        List<ValidatableResponse> answers = twice(() -> posts(carol, "/v1/me/payouts", form),
                () -> soon().until(() -> !Earnings.payouts(carol).equals(List.of("40 requested standard coach"))));

        assertThat(answers).extracting(answer -> answer.extract().statusCode()).containsOnly(201);
        assertThat(answers).extracting(answer -> answer.extract().path("id").toString()).containsOnly(
                answers.get(0).extract().path("id").toString());
        assertThat(Earnings.payouts(carol)).hasSize(1);
        assertThat(Earnings.payoutsAtStripe(carol)).hasSize(1);
    }

    @Test
    void makesOneBookingWhoseFirstAnswerWasLost() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");
        Map<String, ?> form = Map.of("coachId", carol.id(), "startsAt", freeTime().toString(), "durationMinutes", 60);
        String session = posts(alice, "/v1/sessions", form).statusCode(201).extract().path("id");
        OwnerSql.run("update idempotency_keys set holder = null, response_status = null, response_body = null,"
                + " completed_at = null where key = ?", key);

        ValidatableResponse again = posts(alice, "/v1/sessions", form);

        again.statusCode(201);
        assertThat(again.extract().<String> path("id")).isEqualTo(session);
    }

    @Test
    void keepsNoAnswerOfARequestThatLostItsKey() {
        Sale sale = Sale.usual();
        StripeSandbox
                .faults("""
                        {"requests": [{"match": {"method": "POST", "path": "/v1/refunds"}, "do": "latency", "millis": 2000, "times": 1}]}""");
        CompletableFuture<ValidatableResponse> refunding = CompletableFuture.supplyAsync(
                () -> posts(sale.carol, "/v1/transactions/" + sale.payment + "/refunds", Map.of("reason", "It is over")));
        stripeIsAsked();

        OwnerSql.run("update idempotency_keys set holder = gen_random_uuid() where key = ?", key);

        refunding.join().statusCode(201);
        assertThat(OwnerSql.rows("select response_status from idempotency_keys where key = ?", key).get(0))
                .containsEntry("response_status", null);
    }

    @Test
    void isTheSameRequestAfterItFailedOnOurSide() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");
        String path = "/v1/sessions/" + booked(alice, carol, freeTime(), 60) + "/payment";
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payment_intents"}, "do": "refuse"}]}""");
        posts(alice, path, Map.of("method", "payment_intent")).statusCode(503);
        Object id = id();
        StripeSandbox.noFaults();

        posts(alice, path, Map.of("method", "payment_intent")).statusCode(200);

        assertThat(id()).isEqualTo(id);
    }

    @Test
    void isAnotherRequestOnceTheKeyIsForgotten() {
        Person alice = Person.called("alice");
        posts(alice, "/v1/sessions", Map.of()).statusCode(400);
        Object id = id();
        OwnerSql.run("update idempotency_keys set expires_at = locked_at where key = ?", key);

        posts(alice, "/v1/sessions", Map.of()).statusCode(400);

        assertThat(id()).isNotEqualTo(id);
    }

    /** Sends it, and again when it counts as dead although Stripe is still at work. */
    private List<ValidatableResponse> twice(Supplier<ValidatableResponse> request, Runnable meanwhile) {
        CompletableFuture<ValidatableResponse> first = CompletableFuture.supplyAsync(request);
        stripeIsAsked();
        meanwhile.run();
        StripeSandbox.advance(TAKEN_FOR_DEAD);
        assertThat(first).isNotDone();
        ValidatableResponse second = request.get();
        return List.of(first.join(), second);
    }

    private static void stripeIsAsked() {
        soon().until(() -> StripeSandbox.request().get("/sandbox/faults").then().extract().<Integer> path(
                "requests[0].applied") == 1);
    }

    private Object id() {
        return OwnerSql.rows("select id from idempotency_keys where key = ?", key).get(0).get("id");
    }

    private ValidatableResponse posts(Person person, String path, Map<String, ?> body) {
        return person.asks().header("Idempotency-Key", key).body(body).post(path).then();
    }
}
