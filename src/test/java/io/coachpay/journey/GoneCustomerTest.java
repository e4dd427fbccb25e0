package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasSize;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** Stripe no longer has a customer or a card, and no event said so. */
@ServiceTest
class GoneCustomerTest {

    private Person carol;
    private Person alice;
    private String customer;

    @BeforeEach
    void pay() {
        carol = Marketplace.coach("carol", "100.00", "USD");
        alice = Person.called("alice");
        Marketplace.paid(alice, carol, 60);
        customer = customer();
    }

    @AfterEach
    void mend() {
        StripeSandbox.noFaults();
    }

    @ParameterizedTest
    @ValueSource(strings = { "payment_intent", "checkout" })
    void paysAsAnotherCustomer(String method) {
        isDeletedUnheard();
        String session = booked(alice, carol, freeTime(), 60);

        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", method)).statusCode(200);

        assertThat(customer()).isNotEqualTo(customer);
        assertThat(OwnerSql.rows("select stripe_customer_id as id from transactions where session_id = ?::uuid", session))
                .containsExactly(Map.of("id", customer()));
    }

    @Test
    void renewsTheCustomerOnceForOneRequest() {
        String session = booked(alice, carol, freeTime(), 60);
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/payment_intents"}, "times": 9, "do": "error",
                  "status": 400, "type": "invalid_request_error", "code": "resource_missing", "param": "customer",
                  "message": "No such customer"}]}""");

        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(502);

        int asked = StripeSandbox.request().get("/sandbox/faults").then().extract().path("requests[0].applied");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void leavesTheNewCustomerAloneWhenTheOldOnesEndIsHeardLate() {
        StripeSandbox.faults(LATE);
        StripeSandbox.request().delete("/v1/customers/" + customer).then().statusCode(200);
        String session = booked(alice, carol, freeTime(), 60);
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200);
        String next = customer();

        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                """
                        select status from stripe_events where type = 'customer.deleted' and payload::jsonb #>> '{data,object,id}' = ?""",
                customer)).containsExactly(Map.of("status", "processed")));

        assertThat(customer()).isEqualTo(next);
    }

    @Test
    void forgetsACardThatIsGone() {
        String card = StripeSandbox.saveCard(customer, "pm_card_visa");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("$", hasSize(1)));
        StripeSandbox.faults(DROPPED);
        StripeSandbox.request().post("/v1/payment_methods/" + card + "/detach").then().statusCode(200);
        String session = booked(alice, carol, freeTime(), 60);

        paysBySavedCard(session);

        alice.gets("/v1/me/payment-methods").body("$", empty());
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent")).statusCode(200);
    }

    @Test
    void forgetsTheCardsOfACustomerThatIsGone() {
        StripeSandbox.saveCard(customer, "pm_card_visa");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("$", hasSize(1)));
        isDeletedUnheard();

        paysBySavedCard(booked(alice, carol, freeTime(), 60));

        alice.gets("/v1/me/payment-methods").body("$", empty());
    }

    private static final String DROPPED = """
            {"webhooks": [{"match": {"type": "customer.*"}, "do": "drop"}, {"match": {"type": "payment_method.*"}, "do": "drop"}]}""";

    private static final String LATE = """
            {"webhooks": [{"match": {"type": "customer.deleted"}, "do": "delay", "millis": 5000}]}""";

    private void isDeletedUnheard() {
        StripeSandbox.faults(DROPPED);
        StripeSandbox.request().delete("/v1/customers/" + customer).then().statusCode(200);
    }

    private void paysBySavedCard(String session) {
        alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card")).statusCode(422)
                .body("type", endsWith("payment-method-unknown"));
    }

    private String customer() {
        return alice.gets("/v1/me").extract().path("stripeCustomerId");
    }
}
