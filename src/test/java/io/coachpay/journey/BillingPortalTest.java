package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A subscriber sees to cards and subscription in Stripe's billing portal. */
@ServiceTest
class BillingPortalTest {

    private static final String PORTAL = "/v1/me/billing-portal";

    @ConfigProperty(name = "coachpay.public-url")
    String home;

    private Subscriber alice;

    @BeforeEach
    void meetASubscriber() {
        alice = new Subscriber();
    }

    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        alice.leaves();
    }

    @Test
    void changesAndEndsASubscriptionThere() {
        String pro = Subscriber.trial(Map.of("name", "Pro", "tier", "pro"));
        alice.onThePage(Subscriber.trial(Map.of()));
        String portal = opens(null).statusCode(200).body("url", notNullValue()).extract().path("url");

        act(portal, Map.of("action", "change", "subscription", stripeId(), "price", price(pro)));
        soon().untilAsserted(() -> alice.mine().body("plan.id", equalTo(pro)));
        act(portal, Map.of("action", "cancel", "subscription", stripeId()));
        soon().untilAsserted(() -> alice.mine().body("endsAt", notNullValue()));
        opens("cancel").statusCode(200);
        alice.changes(Map.of("cancelAtPeriodEnd", false)).statusCode(200);
        act(opens("cancel").statusCode(200).extract().path("url"), Map.of("action", "cancel", "subscription", stripeId()));
        soon().untilAsserted(() -> alice.mine().body("endsAt", notNullValue()));
        opens("change").statusCode(200);
    }

    @Test
    void offersThePlansForSaleAlone() {
        String shown = Subscriber.trial(Map.of());
        String hidden = Subscriber.trial(Map.of());
        alice.onThePage(hidden);
        Person.admin().asks().body(Map.of("active", false)).patch("/v1/admin/plans/" + hidden).then()
                .statusCode(200);

        opens(null).statusCode(200);

        List<List<String>> prices = configuration().getList("features.subscription_update.products.prices");
        assertThat(prices.stream().flatMap(List::stream)).contains(price(shown)).doesNotContain(price(hidden));
        assertThat(configuration().getString("features.subscription_cancel.mode")).isEqualTo("at_period_end");
        long before = count();
        opens("payment_method").statusCode(200);
        assertThat(count()).isEqualTo(before);
    }

    /** Nobody there asks whether a subscriber has had a trial of the other plan. */
    @Test
    void endsATrialThatIsChangedThere() {
        String pro = Subscriber.trial(Map.of("name", "Pro", "tier", "pro"));
        alice.onThePage(Subscriber.trial(Map.of()));
        String portal = opens(null).statusCode(200).extract().path("url");
        assertThat(configuration().getString("features.subscription_update.trial_update_behavior")).isEqualTo("end_trial");

        act(portal, Map.of("action", "change", "subscription", stripeId(), "price", price(pro)));

        soon().untilAsserted(() -> alice.mine().body("plan.id", equalTo(pro)).body("status", equalTo("active")));
        assertThat(alice.invoice().getLong("amount_paid")).isEqualTo(1900);
    }

    @Test
    void makesAnotherConfigurationWhereSomebodyChangedOurs() {
        Subscriber.trial(Map.of());
        opens(null).statusCode(200);
        String ours = configuration().getString("id");

        StripeSandbox.request().formParam("features[invoice_history][enabled]", false)
                .post("/v1/billing_portal/configurations/" + ours).then().statusCode(200);

        soon().untilAsserted(() -> assertThat(OwnerSql.rows(
                "select 1 from billing_portal_configurations where stripe_configuration_id = ? and altered_at is not null"
                        + " and not is_current",
                ours)).hasSize(1));
        opens(null).statusCode(200);
        assertThat(configuration().getString("id")).isNotEqualTo(ours);
    }

    @Test
    void makesAnotherConfigurationWhereStripeDoesNotTakeOurs() {
        Subscriber.trial(Map.of());
        opens(null).statusCode(200);
        OwnerSql.run("update billing_portal_configurations set stripe_configuration_id = 'bpc_elsewhere"
                + UUID.randomUUID().toString().substring(0, 8) + "' where id = ?::uuid", latest().get("id"));

        opens(null).statusCode(200);
        opens(null).statusCode(200);
    }

    @Test
    void refusesWhatCannotBeVisited() {
        Problem.is(opens("cancel"), 409, "subscription-not-live");
        Problem.is(opens("change"), 409, "subscription-not-live");
        Problem.names(opens("invoices"), "flow");
        Problem.names(alice.person().posts(PORTAL, Map.of()), "returnUrl");
        Problem.is(alice.person().posts(PORTAL, Map.of("returnUrl", "https://evil.example/")), 422, "return-url-not-allowed");
    }

    private ValidatableResponse opens(@Nullable String flow) {
        Map<String, Object> order = new HashMap<>(Map.of("returnUrl", home + "/account"));
        if (flow != null) {
            order.put("flow", flow);
        }
        return alice.person().posts(PORTAL, order);
    }

    private static void act(String portal, Map<String, String> form) {
        assertThat(given().redirects().follow(false).formParams(form).post(portal).statusCode()).isLessThan(400);
    }

    private String stripeId() {
        return String.valueOf(alice.row().get("stripe_subscription_id"));
    }

    private static String price(String plan) {
        return String.valueOf(
                OwnerSql.rows("select stripe_price_id from subscription_plans where id = ?::uuid", plan).get(0)
                        .get("stripe_price_id"));
    }

    private JsonPath configuration() {
        return StripeSandbox.request().queryParam("expand[]", "features.subscription_update.products")
                .get("/v1/billing_portal/configurations/" + latest().get("stripe_configuration_id")).then().statusCode(200)
                .extract().jsonPath();
    }

    private static Map<String, @Nullable Object> latest() {
        return OwnerSql.rows("select id::text, stripe_configuration_id from billing_portal_configurations"
                + " where is_current order by id desc limit 1").get(0);
    }

    private static long count() {
        return OwnerSql.rows("select 1 from billing_portal_configurations").size();
    }
}
