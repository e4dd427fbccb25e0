package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Management;
import io.coachpay.OwnWorld;
import io.coachpay.Problem;
import io.coachpay.StripeSandbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;

/** A platform for which Stripe calculates tax: where a subscriber lives has to be known. */
@QuarkusTest
@TestProfile(TaxedSubscriptionTest.Taxed.class)
class TaxedSubscriptionTest {

    private static final String DETAILS = "/v1/me/billing-details";
    private static final Map<String, Object> BERLIN = Map.of("address",
            Map.of("line1", "Torstr. 1", "city", "Berlin", "postalCode", "10119", "country", "DE"));

    private Subscriber alice;

    @BeforeEach
    void meetASubscriber() {
        alice = new Subscriber();
    }

    @AfterEach
    void end() {
        alice.leaves();
    }

    @Test
    void beginsWithASavedCardOnceTheAddressIsKnown() {
        String plan = Marketplace.plan(Map.of());
        Map<String, Object> wish = Map.of("planId", plan, "paymentMethodId", alice.saves("pm_card_visa"));

        Problem.is(alice.person().posts(Subscriber.MINE, wish), 422, "address-not-taxable");
        Problem.is(alice.person().posts(Subscriber.MINE, wish), 422, "address-not-taxable");
        alice.person().puts(DETAILS, BERLIN).statusCode(200);
        alice.person().posts(Subscriber.MINE, wish).statusCode(201);

        alice.isSoon("active").body("addressNeeded", equalTo(false));
        assertThat(alice.subscription().getBoolean("automatic_tax.enabled")).isTrue();
        assertThat(tax()).isEqualTo(10);
    }

    /** A refusal of Stripe's keeps nobody from another way. */
    @Test
    void goesToThePageWhereTheAddressIsAskedFor() {
        Problem.is(alice.person().posts(Subscriber.MINE, Map.of("planId", Marketplace.plan(Map.of()), "paymentMethodId",
                alice.saves("pm_card_visa"))), 422, "address-not-taxable");

        alice.onThePage(Marketplace.plan(Map.of()));

        alice.isSoon("active");
    }

    @Test
    void waitsWithARenewalForAnAddress() {
        alice.onThePage(Marketplace.plan(Map.of()));
        alice.isSoon("active");
        soon().untilAsserted(
                () -> alice.person().gets(DETAILS).statusCode(200).body("address.postalCode", equalTo("94103")));
        assertThat(tax()).isEqualTo(10);
        StripeSandbox.request().formParam("address", "").post("/v1/customers/" + alice.customer()).then().statusCode(200);
        soon().untilAsserted(() -> alice.person().gets(DETAILS).statusCode(200).body("address", nullValue()));

        Subscriber.pass(Duration.ofDays(32));

        soon().untilAsserted(() -> alice.mine().statusCode(200).body("addressNeeded", equalTo(true)));
        soon().untilAsserted(() -> assertThat(Management.get("/q/metrics").asString())
                .containsPattern("coachpay_invoices_without_address 1"));
        alice.person().puts(DETAILS, BERLIN).statusCode(200);
        StripeSandbox.request().post("/v1/invoices/" + alice.invoice().getString("id") + "/finalize").then().statusCode(200);
        soon().untilAsserted(() -> alice.mine().statusCode(200).body("addressNeeded", equalTo(false)));
    }

    /** Of the latest invoice, in hundredths of what is taxed. */
    private int tax() {
        JsonPath invoice = alice.invoice();
        return (invoice.getInt("total") - invoice.getInt("total_excluding_tax")) * 100 / invoice.getInt("total_excluding_tax");
    }

    /** Stripe Tax is on. */
    public static class Taxed extends OwnWorld {

        public Taxed() {
            super("taxed");
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("coachpay.billing.tax", "stripe");
        }
    }
}
