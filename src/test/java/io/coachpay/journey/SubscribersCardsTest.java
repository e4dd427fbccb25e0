package io.coachpay.journey;

import static io.coachpay.journey.Cards.METHODS;
import static io.coachpay.journey.Marketplace.booked;
import static io.coachpay.journey.Marketplace.freeTime;
import static io.coachpay.journey.Marketplace.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;

/** A subscriber's cards, from the first to a renewal: in the end cards, default and books are Stripe's. */
@QuarkusTest
@TestProfile(MonthsPass.class)
class SubscribersCardsTest {

    private static final String INVOICES = "select id::text, status from invoices where user_id = ?::uuid and amount > 0";

    @ConfigProperty(name = "coachpay.public-url")
    String home;

    private Subscriber alice;
    private Person person;

    @BeforeEach
    void meetASubscriber() {
        alice = new Subscriber();
        person = alice.person();
    }

    @AfterEach
    void end() {
        StripeSandbox.noFaults();
        alice.leaves();
    }

    @ParameterizedTest(name = "with every second webhook lost: {0}")
    @ValueSource(booleans = { false, true })
    void paysAndRenewsWithTheDefault(boolean lost) {
        Person carol = Marketplace.coach("carol", "100.00", "USD");
        if (lost) {
            alice.losesEverySecondWebhook();
        }
        savesOneCardTwice();
        savesOneThatAsksItsBank();
        person.puts(METHODS + "/" + Cards.idOf(person, "3184") + "/default", Map.of()).statusCode(200);
        person.posts(Subscriber.MINE, Map.of("planId", Subscriber.trial(Map.of()))).statusCode(201);
        pays(carol);
        isRenewed();
        removesTheOtherOnStripesPage();
        subscriptionRenews();
        StripeSandbox.noFaults();

        Cards.assertAgreesWithStripe(person);
        alice.eventually(new BillingMirror(person.id(), alice.customer())::isExact);
        soon().untilAsserted(() -> {
            Findings.reconcile();
            Books.agreeForPlatform("USD");
        });
    }

    private void savesOneCardTwice() {
        Cards.saved(person, "pm_card_visa");
        Cards.saved(person, "pm_card_visa");

        person.gets(METHODS).body("last4", contains("4242"));
        assertThat(Cards.attached(person)).hasSize(2);
    }

    private void savesOneThatAsksItsBank() {
        JsonPath asking = Cards.begun(person, "elements");
        Cards.confirmed(asking, "pm_card_authenticationRequired");
        Cards.answered(asking, true);

        Cards.outcome(person, asking).body("status", equalTo("succeeded"));
        person.gets(METHODS).body("last4", contains("3184", "4242"));
    }

    private void pays(Person coach) {
        String session = booked(person, coach, freeTime(), 60);
        String secret = person.posts("/v1/sessions/" + session + "/payment", Map.of("method", "saved_card")).statusCode(200)
                .body("nextAction.type", equalTo("redirect_to_url")).extract().path("clientSecret");

        StripeSandbox.answersBank(secret, true);

        alice.eventually(() -> person.gets("/v1/sessions/" + session).body("status", equalTo("confirmed")).body("paymentStatus",
                equalTo("paid")));
    }

    /** By the network of the card. */
    private void isRenewed() {
        int before = person.gets(METHODS).extract().path("find { it.last4 == '3184' }.expiryYear");
        StripeSandbox.control("/sandbox/payment_methods/" + Cards.stripeIdOf(person, "3184") + "/renew", Map.of())
                .statusCode(200);

        alice.eventually(() -> person.gets(METHODS).body("find { it.last4 == '3184' }.expiryYear", greaterThan(before))
                .body("find { it.last4 == '3184' }.isDefault", equalTo(true)));
    }

    private void removesTheOtherOnStripesPage() {
        String page = person.posts("/v1/me/billing-portal", Map.of("returnUrl", home + "/account")).statusCode(200).extract()
                .path("url");
        String stays = Cards.stripeIdOf(person, "3184");
        List<String> others = Cards.attached(person).stream().filter(id -> !id.equals(stays)).toList();
        for (String other : others) {
            assertThat(given().redirects().follow(false).formParams("action", "remove", "method", other).post(page)
                    .statusCode()).isLessThan(400);
        }

        alice.eventually(() -> person.gets(METHODS).body("last4", contains("3184")).body("isDefault", contains(true)));
        alice.eventually(() -> Cards.assertAgreesWithStripe(person));
    }

    /** The card asks its bank for each charge, so that the person answers for this one too. */
    private void subscriptionRenews() {
        Subscriber.pass(Duration.ofDays(14).plusHours(2));
        alice.eventually(() -> assertThat(invoices()).hasSize(1).extracting(row -> row.get("status")).containsExactly("open"));
        String invoice = String.valueOf(invoices().get(0).get("id"));

        String secret = person.posts("/v1/me/invoices/" + invoice + "/pay", Map.of()).statusCode(200).extract()
                .path("clientSecret");
        StripeSandbox.answersBank(secret, true);

        alice.eventually(
                () -> person.gets("/v1/me/invoices/" + invoice).body("status", equalTo("paid")).body("payments", hasSize(1)));
        alice.eventually(() -> alice.mine().statusCode(200).body("status", equalTo("active")));
        assertThat(alice.payment().getString("payment_method")).isEqualTo(Cards.stripeIdOf(person, "3184"));
    }

    private List<Map<String, Object>> invoices() {
        return OwnerSql.rows(INVOICES, person.id());
    }
}
