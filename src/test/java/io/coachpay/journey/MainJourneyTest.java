package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;

/** A coach onboards, a mentee pays for a session, the coach's balance shows it. */
@ServiceTest
class MainJourneyTest {

    @Test
    void paysOnStripesPage() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");

        String session = booked(alice, carol, freeTime(), 75);
        carol.gets("/v1/sessions/" + session).statusCode(200)
                .body("price.amount", equalTo("125.00")).body("platformFee.amount", equalTo("25.00"))
                .body("coachPayout.amount", equalTo("100.00"));
        String page = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "checkout"))
                .statusCode(200).body("status", equalTo("pending")).extract().path("checkoutUrl");
        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        hasEarned(carol, alice);
    }

    @Test
    void paysWithAClientSecret() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");

        String session = booked(alice, carol, freeTime(), 75);
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).body("clientSecret", notNullValue()).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        hasEarned(carol, alice);
    }

    @Test
    void paysWithAGoodCardAfterARefusedOne() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        Person alice = Person.called("alice");

        String session = booked(alice, carol, freeTime(), 75);
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "payment_intent"))
                .statusCode(200).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa_chargeDeclined");
        isSoon(alice, session, "pending_payment", "failed");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);

        isSoon(alice, session, "confirmed", "paid");
        hasEarned(carol, alice);
    }

    private static void hasEarned(Person carol, Person alice) {
        Person bob = Person.called("bob");
        alice.gets("/v1/transactions").body("data[0].status", equalTo("completed")).body("data[0].platformFee", nullValue());
        String transaction = alice.gets("/v1/transactions").extract().path("data[0].id");
        bob.gets("/v1/transactions/" + transaction).statusCode(404);
        bob.gets("/v1/me/balance").statusCode(404);

        soon().untilAsserted(() -> carol.gets("/v1/me/balance").statusCode(200)
                .body("find { it.currency == 'USD' }.pending.amount", equalTo("100.00"))
                .body("find { it.currency == 'USD' }.available.amount", equalTo("0.00")));
        StripeSandbox.advance(Duration.ofDays(3));
        soon().untilAsserted(() -> carol.gets("/v1/me/balance").statusCode(200)
                .body("find { it.currency == 'USD' }.pending.amount", equalTo("0.00"))
                .body("find { it.currency == 'USD' }.available.amount", equalTo("100.00"))
                .body("find { it.currency == 'USD' }.totalEarnings.amount", equalTo("100.00")));
        Books.closeFor(carol);
    }

    @Test
    void listsWhoCanBeBooked() {
        Person carol = Marketplace.coach("carol", "80.00", "USD");

        Person.called("alice").gets("/v1/coaches").statusCode(200).body("data.id", hasItem(carol.id()));
    }
}
