package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.Webhook;
import io.vertx.core.json.JsonObject;

/** Some events need objects from Stripe, and Stripe takes its time: no other work waits for that. */
@ServiceTest
class SlowLooksTest {

    private static final int EVENTS = 120;
    private static final String UPDATED = "charge.dispute.updated";

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
    }

    @Test
    void holdUpNoPayment() {
        String dispute = disputed(Sale.usual());
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");
        String session = booked(alice, carol, freeTime(), 60);
        String secret = Marketplace.clientSecret(alice, session);
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "GET", "path": "/v1/disputes/*"}, "do": "latency", "millis": 2000}]}""");

        List<String> looks = IntStream.range(0, EVENTS).mapToObj(i -> updated(dispute)).toList();
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        assertThat(processed(looks)).as("looks that the payment had to wait for").isLessThan(EVENTS / 2);
        StripeSandbox.noFaults();
        soon().until(() -> processed(looks) == EVENTS);
    }

    private static String disputed(Sale sale) {
        String charge = OwnerSql.rows("select stripe_charge_id as id from transactions where stripe_payment_intent_id = ?",
                sale.paymentIntent()).get(0).get("id").toString();
        return StripeSandbox.control("/sandbox/disputes", Map.of("charge", charge)).statusCode(200).extract().path("id");
    }

    private static String updated(String dispute) {
        JsonObject event = Webhook.event(UPDATED, new JsonObject().put("id", dispute).put("object", "dispute"));
        Webhook.post(event).statusCode(200);
        return event.getString("id");
    }

    private static int processed(List<String> events) {
        return OwnerSql
                .rows("select 1 from stripe_events where status = 'processed' and event_id = any (string_to_array(?, ','))",
                        String.join(",", events))
                .size();
    }
}
