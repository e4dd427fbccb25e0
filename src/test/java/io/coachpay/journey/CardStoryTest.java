package io.coachpay.journey;

import static io.coachpay.journey.Cards.METHODS;
import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.isSoon;
import static io.coachpay.journey.Marketplace.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.coachpay.payment.PaymentMethodNeed;
import io.coachpay.user.CustomerOwner;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A person's cards over time: paid with, renewed, needed, removed elsewhere, tried by several requests at once. */
@ServiceTest
class CardStoryTest {

    @Inject
    Subscribed subscribed;
    @Inject
    Jobs jobs;

    private Person alice;

    /** Somebody who has something that is paid with a saved method. */
    @ApplicationScoped
    static class Subscribed implements PaymentMethodNeed {

        private final AtomicReference<@Nullable UUID> user = new AtomicReference<>();

        @Override
        public boolean isNeeded(CustomerOwner owner) {
            return owner.userId() != null && owner.userId().equals(user.get());
        }

        void is(@Nullable UUID one) {
            user.set(one);
        }
    }

    @BeforeEach
    void signIn() {
        alice = Person.called("alice");
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        subscribed.is(null);
    }

    @Test
    void keepsItsRowsEqualToStripesMethods() {
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_visa");
        alice.gets(METHODS).body("last4", contains("4242"));

        JsonPath asking = Cards.begun(alice, "elements");
        Cards.confirmed(asking, "pm_card_authenticationRequired");
        Cards.answered(asking, true);
        soon().untilAsserted(() -> Cards.outcome(alice, asking).body("status", equalTo("succeeded")));
        String asks = Cards.idOf(alice, "3184");
        alice.puts(METHODS + "/" + asks + "/default", Map.of()).statusCode(200).body("isDefault", equalTo(true));

        String session = booked(alice, Marketplace.coach("carol", "100.00", "USD"), freeTime(), 60);
        String secret = alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card")).statusCode(200)
                .body("nextAction.type", equalTo("redirect_to_url")).extract().path("clientSecret");
        StripeSandbox.answersBank(secret, true);
        isSoon(alice, session, "confirmed", "paid");

        String renewed = Cards.stripeIdOf(alice, "3184");
        StripeSandbox.request().formParam("card[exp_month]", "7").formParam("card[exp_year]", "2041")
                .post("/v1/payment_methods/" + renewed).then().statusCode(200);
        soon().untilAsserted(() -> alice.gets(METHODS).body("find { it.last4 == '3184' }.expiryYear", equalTo(2041))
                .body("find { it.last4 == '3184' }.isDefault", equalTo(true)));

        List<String> others = Cards.attached(alice).stream().filter(id -> !id.equals(renewed)).toList();
        others.forEach(CardStoryTest::detach);

        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("3184")));
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void takesOneOfFiftyWishesAtOnceAndAgreesWithStripe() {
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_mastercard");
        Cards.saved(alice, "pm_card_amex");
        List<String> cards = alice.gets(METHODS).extract().path("id");

        List<Integer> answers = AtOnce.all(IntStream.range(0, 50)
                .<Callable<Integer>> mapToObj(i -> () -> alice.puts(METHODS + "/" + cards.get(i % 3) + "/default", Map.of())
                        .extract().statusCode())
                .toList());

        assertThat(answers).containsOnly(200);
        soon().untilAsserted(() -> {
            jobs.runNow("customer-sync");
            Cards.assertAgreesWithStripe(alice);
            assertThat(OwnerSql.rows("select wanted_default from stripe_customers where user_id = ?::uuid", alice.id()))
                    .extracting(row -> row.get("wanted_default")).containsOnlyNulls();
        });
        assertThat(OwnerSql.rows("select 1 from payment_methods where user_id = ?::uuid and is_default", alice.id()))
                .hasSize(1);
    }

    @Test
    void concludesASetupOnceWhenAllBringTheNewsTogether() {
        JsonPath setup = Cards.begun(alice, "checkout");
        String page = setup.getString("checkoutUrl").replaceAll(".*(cs_test_[A-Za-z0-9]+).*", "$1");
        StripeSandbox.payCheckout(setup.getString("checkoutUrl"), "pm_card_visa").statusCode(200);

        List<Integer> answers = AtOnce.all(Stream.<Callable<Integer>> of(
                () -> Cards.outcome(alice, setup).extract().statusCode(),
                () -> given().queryParam("visit", page).get("/checkout/saved").statusCode(),
                () -> Cards.outcome(alice, setup).extract().statusCode(),
                () -> given().queryParam("visit", page).get("/checkout/saved").statusCode()).toList());

        assertThat(answers).containsOnly(200);
        alice.gets(METHODS).body("last4", contains("4242")).body("isDefault", contains(true));
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void keepsTheLastCardWhileSomethingIsPaidWithIt() {
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_mastercard");
        subscribed.is(UUID.fromString(alice.id()));
        List<String> cards = alice.gets(METHODS).extract().path("id");

        List<Integer> answers = AtOnce.all(cards.stream()
                .<Callable<Integer>> map(card -> () -> alice.deletes(METHODS + "/" + card).extract().statusCode()).toList());

        assertThat(answers).containsExactlyInAnyOrder(200, 409);
        alice.gets(METHODS).body("$", hasSize(1)).body("isDefault", contains(true));
        alice.deletes(METHODS + "/" + alice.gets(METHODS).extract().path("[0].id")).statusCode(409)
                .body("type", endsWith("payment-method-needed"));
        subscribed.is(null);
        alice.deletes(METHODS + "/" + alice.gets(METHODS).extract().path("[0].id")).statusCode(200);
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void keepsACardThatIsNeededBeforeStripeHeardOfItsRemoval() {
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_visa");
        String card = Cards.idOf(alice, "4242");
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "*detach"}, "do": "error", "status": 500}]}""");
        alice.deletes(METHODS + "/" + card).statusCode(503);
        alice.gets(METHODS).body("$", hasSize(0));

        isNeededAgain();

        alice.gets(METHODS).body("last4", contains("4242")).body("isDefault", contains(true));
        Cards.assertAgreesWithStripe(alice);
        assertThat(Cards.attached(alice)).hasSize(2);
        subscribed.is(null);
        alice.deletes(METHODS + "/" + Cards.idOf(alice, "4242")).statusCode(200);
    }

    @Test
    void makesTheFormOfACardThatIsKeptTheDefault() {
        Cards.saved(alice, "pm_card_visa");
        String first = Cards.stripeIdOf(alice, "4242");
        Cards.saved(alice, "pm_card_visa");
        String second = Cards.attached(alice).stream().filter(id -> !id.equals(first)).findFirst().orElseThrow();
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "*%s/detach"}, "do": "error", "status": 500}]}"""
                .formatted(second));
        alice.deletes(METHODS + "/" + Cards.idOf(alice, "4242")).statusCode(503);
        soon().untilAsserted(() -> {
            jobs.runNow("payment-method-sync");
            assertThat(Cards.attached(alice)).containsExactly(second);
        });

        isNeededAgain();

        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("4242")).body("isDefault", contains(true)));
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void makesACardThatIsKeptTheDefaultInPlaceOfAnExpiredOne() {
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_mastercard");
        soon().untilAsserted(() -> alice.gets(METHODS).body("isDefault", contains(false, true)));
        Cards.expires(Cards.idOf(alice, "4444"));
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "*detach"}, "do": "error", "status": 500}]}""");
        alice.deletes(METHODS + "/" + Cards.idOf(alice, "4242")).statusCode(503);
        alice.gets(METHODS).body("last4", contains("4444")).body("isDefault", contains(true));

        isNeededAgain();

        soon().untilAsserted(() -> alice.gets(METHODS).body("find { it.last4 == '4242' }.isDefault", equalTo(true)));
    }

    /** A removal fails at Stripe, something comes to need the card, and the job asks again. */
    private void isNeededAgain() {
        subscribed.is(UUID.fromString(alice.id()));
        OwnerSql.run("update payment_methods set check_at = stripe_as_of where user_id = ?::uuid and check_at is not null",
                alice.id());
        jobs.runNow("payment-method-sync");
        // A run that had asked before would have gone on to remove the card.
        StripeSandbox.noFaults();
    }

    @Test
    void doesNotKeepAnExpiredCardForAnother() {
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_mastercard");
        soon().until(() -> Cards.attached(alice).size() == 2);
        OwnerSql.run("update payment_methods set expiry_year = 2020 where id = ?::uuid", Cards.idOf(alice, "4444"));
        subscribed.is(UUID.fromString(alice.id()));

        alice.deletes(METHODS + "/" + Cards.idOf(alice, "4242")).statusCode(409);
        alice.puts(METHODS + "/" + Cards.idOf(alice, "4444") + "/default", Map.of()).statusCode(200)
                .body("expired", equalTo(true));
    }

    @Test
    void paysAndRemovesOneCardAtOnce() {
        Cards.saved(alice, "pm_card_visa");
        String card = Cards.idOf(alice, "4242");
        String session = booked(alice, Marketplace.coach("carol", "100.00", "USD"), freeTime(), 60);

        List<Integer> answers = AtOnce.all(List.<Callable<Integer>> of(
                () -> alice
                        .posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card", "paymentMethodId", card))
                        .extract().statusCode(),
                () -> alice.deletes(METHODS + "/" + card).extract().statusCode()));

        assertThat(answers.get(0)).isIn(200, 202, 422);
        assertThat(answers.get(1)).isEqualTo(200);
        alice.gets(METHODS).body("$", hasSize(0));
        Cards.assertAgreesWithStripe(alice);
        if (answers.get(0) != 422) {
            isSoon(alice, session, "confirmed", "paid");
        }
    }

    @Test
    void wantsAnotherDefaultWhenTheDefaultIsRemovedInTheDashboard() {
        Cards.saved(alice, "pm_card_visa");
        Cards.saved(alice, "pm_card_mastercard");
        soon().untilAsserted(() -> alice.gets(METHODS).body("isDefault", contains(false, true)));

        detach(Cards.stripeIdOf(alice, "4242"));

        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("4444")));
        // A run leaves a customer whose row an event has locked to the next run.
        soon().untilAsserted(() -> {
            jobs.runNow("customer-sync");
            alice.gets(METHODS).body("isDefault", contains(true));
        });
        Cards.assertAgreesWithStripe(alice);
    }

    @Test
    void savesTheCardOfAPaymentThatAsksForIt() {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String first = booked(alice, carol, freeTime(), 60);
        String secret = alice.posts("/v1/sessions/" + first + "/payment", Map.of("method", "payment_intent", "saveCard", true))
                .statusCode(200).extract().path("clientSecret");
        StripeSandbox.payIntent(secret, "pm_card_visa").statusCode(200);
        isSoon(alice, first, "confirmed", "paid");
        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("4242")));

        String second = booked(alice, carol, freeTime(), 60);
        String page = alice.posts("/v1/sessions/" + second + "/payment", Map.of("method", "checkout", "saveCard", true))
                .statusCode(200).extract().path("checkoutUrl");
        StripeSandbox.payCheckout(page, "pm_card_mastercard").statusCode(200);
        isSoon(alice, second, "confirmed", "paid");

        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("4444", "4242")));
    }

    @Test
    void savesTheCardOfAPurchaseOfCreditsThatAsksForIt() {
        String page = alice.posts("/v1/credits/checkout",
                Map.of("packageId", Marketplace.offered("Pro", "30.00", "33"), "saveCard", true)).statusCode(201).extract()
                .path("checkoutUrl");

        StripeSandbox.payCheckout(page, "pm_card_visa").statusCode(200);

        soon().untilAsserted(() -> alice.gets(METHODS).body("last4", contains("4242")));
    }

    @Test
    void savesNoCardUnasked() {
        Marketplace.paid(alice, Marketplace.coach("carol", "100.00", "USD"), 60);

        alice.gets(METHODS).body("$", hasSize(0));
    }

    @Test
    void takesSoManySetupsAnHour() {
        for (int i = 0; i < 5; i++) {
            Cards.saved(alice, "pm_card_visa");
        }

        alice.posts(METHODS + "/setup", Map.of("ui", "elements")).statusCode(429).body("type", endsWith("too-many-cards"))
                .header("Retry-After", notNullValue());
    }

    @Test
    void tellsLessAndThenRefusesWhenMoreAndMoreCardsAreDeclined() {
        Cards.saved(alice, "pm_card_chargeCustomerFail");
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        String session = booked(alice, carol, freeTime(), 60);
        for (int i = 1; i <= 10; i++) {
            JsonPath refused = pay(session).statusCode(402).body("code", equalTo("card_declined")).extract().jsonPath();
            assertThat(refused.getString("declineCode") == null).as("after %d", i).isEqualTo(i > 5);
        }

        pay(session).statusCode(429).body("type", endsWith("too-many-cards"));
        alice.posts(METHODS + "/setup", Map.of("ui", "elements")).statusCode(429);
        alice.puts(METHODS + "/" + Cards.idOf(alice, "0341") + "/default", Map.of()).statusCode(429);
        assertThat(OwnerSql.rows("select stripe_id from card_declines where user_id = ?::uuid", alice.id())).hasSize(10);
    }

    private ValidatableResponse pay(String session) {
        return alice.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card"));
    }

    private static void detach(String card) {
        StripeSandbox.request().post("/v1/payment_methods/" + card + "/detach").then().statusCode(200);
    }
}
