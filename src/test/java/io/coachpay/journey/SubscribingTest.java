package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.Problem;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.job.Jobs;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A person subscribes once, on Stripe's page, whatever happens meanwhile; our rows end as Stripe's objects are. */
@ServiceTest
class SubscribingTest {

    private static final String CHECKOUT = "/v1/me/subscription/checkout";
    private static final String MINE = "/v1/me/subscription";

    @Inject
    Jobs jobs;

    private Person alice;

    @BeforeEach
    void meetASubscriber() {
        alice = Person.called("alice-" + UUID.randomUUID());
    }

    /** Ends what is alive: nothing books the payments of subscriptions yet, and other journeys compare the platform's books. */
    @AfterEach
    void heal() {
        StripeSandbox.noFaults();
        rows().stream().map(row -> "/v1/subscriptions/" + row.get("stripe_subscription_id"))
                .filter(path -> !"canceled".equals(StripeSandbox.request().get(path).jsonPath().getString("status")))
                .forEach(path -> StripeSandbox.request().delete(path).then().statusCode(200));
    }

    @Test
    void beginsWhereItsPageIsPaid() {
        String plan = plan(Map.of());
        Problem.is(alice.gets(MINE), 404, "not-found");
        JsonPath page = begun(plan);
        Problem.is(alice.gets(MINE), 404, "not-found");

        pays(page);

        isSoon("trialing").body("plan.id", equalTo(plan)).body("plan.tier", equalTo("professional"))
                .body("id", equalTo(page.getString("subscriptionId"))).body("currentPeriodStart", notNullValue())
                .body("currentPeriodEnd", notNullValue()).body("cancelAtPeriodEnd", equalTo(false))
                .body("endsAt", nullValue()).body("pendingChange", nullValue()).body("trialEnd", notNullValue());
        Problem.is(asks(plan), 409, "subscription-live");
        Problem.is(asks(plan(Map.of())), 409, "subscription-live");
        Person.admin().asks().body(Map.of("active", false)).patch("/v1/admin/plans/" + plan).then().statusCode(200);
        alice.gets(MINE).statusCode(200).body("plan.active", equalTo(false));
        agrees();
    }

    /** Stripe opens no page that ends within half an hour. */
    @Test
    void takesAnotherPlanWhereThePageOfTheFirstWasNeverOpened() {
        String first = plan(Map.of());
        StripeSandbox.faults("""
                {"requests": [{"match": {"method": "POST", "path": "/v1/checkout/sessions"}, "do": "500_before"}]}""");
        Problem.is(asks(first), 503, "stripe-away");
        StripeSandbox.noFaults();
        StripeSandbox.advance(Duration.ofMinutes(2));

        pays(begun(plan(Map.of("name", "Expert"))));

        isSoon("trialing").body("plan.name", equalTo("Expert"));
        agrees();
    }

    @Test
    void keepsASubscribersLastCard() {
        pays(begun(plan(Map.of())));
        isSoon("trialing");
        soon().untilAsserted(() -> alice.gets("/v1/me/payment-methods").body("id", hasSize(1)));
        String card = "/v1/me/payment-methods/" + alice.gets("/v1/me/payment-methods").extract().path("[0].id");

        Problem.is(alice.deletes(card), 409, "payment-method-needed");
        alice.deletes(MINE).statusCode(200);
        isSoon("canceled");

        alice.deletes(card).statusCode(200);
    }

    @Test
    void answersASubscriberWhoComesBackBeforeAnyWebhook() {
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"*\"}, \"do\": \"drop\"}],"
                + " \"requests\": [{\"match\": {\"method\": \"GET\", \"path\": \"/v1/events*\"}, \"do\": \"500_before\"}]}");

        pays(begun(plan(Map.of())));

        alice.gets(MINE).statusCode(200).body("status", equalTo("trialing"));
        agrees();
    }

    @Test
    void showsWhatBecameOfThePageBeforeAnyWebhook() {
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"*\"}, \"do\": \"drop\"}],"
                + " \"requests\": [{\"match\": {\"method\": \"GET\", \"path\": \"/v1/events*\"}, \"do\": \"500_before\"}]}");
        JsonPath page = begun(plan(Map.of()));
        String visit = "/v1/checkout-sessions/" + page(page).getString("id");
        alice.gets(visit).statusCode(200).body("mode", equalTo("subscription")).body("status", equalTo("open"))
                .body("paymentStatus", equalTo("unpaid")).body("subscriptionId", equalTo(page.getString("subscriptionId")));
        Problem.is(Person.called("bob").gets(visit), 404, "not-found");

        pays(page);

        alice.gets("/v1/checkout-sessions/" + page.getString("subscriptionId")).statusCode(200)
                .body("status", equalTo("complete")).body("paymentStatus", equalTo("paid"));
    }

    @Test
    void opensOnePageForOnePlan() {
        String plan = plan(Map.of());

        List<String> urls = AtOnce.times(8, () -> begun(plan).getString("checkoutUrl"));

        assertThat(urls).hasSize(8).containsOnly(urls.get(0));
        String key = UUID.randomUUID().toString();
        for (int time = 0; time < 2; time++) {
            alice.asks().header("Idempotency-Key", key).body(Map.of("planId", plan)).post(CHECKOUT).then().statusCode(201)
                    .body("checkoutUrl", equalTo(urls.get(0)));
        }
    }

    @Test
    void closesThePageOfAnotherPlanFirst() {
        JsonPath first = begun(plan(Map.of()));
        String other = plan(Map.of("name", "Expert"));

        JsonPath second = begun(other);

        assertThat(second.getString("checkoutUrl")).isNotEqualTo(first.getString("checkoutUrl"));
        assertThat(page(first).getString("status")).isEqualTo("expired");
        assertThat(status(first)).isEqualTo("expired");
        pays(second);
        isSoon("trialing").body("plan.name", equalTo("Expert"));
        agrees();
    }

    @Test
    void offersATrialOnce() {
        String plan = plan(Map.of("trialDays", 14));
        String successor = plan(Map.of("trialDays", 14, "replaces", plan));
        JsonPath first = begun(successor);
        pays(first);
        isSoon("trialing").body("trialEnd", notNullValue());
        agrees();

        StripeSandbox.request().delete("/v1/subscriptions/" + stripeId(first)).then().statusCode(200);
        isSoon("canceled").body("endsAt", notNullValue());
        agrees();
        JsonPath second = begun(successor);
        assertThat(page(second).getLong("amount_total")).isEqualTo(1900);
        assertThat(row(second).get("trial_days")).isEqualTo(0);
        Person bob = Person.called("bob-" + UUID.randomUUID());
        bob.posts(CHECKOUT, Map.of("planId", successor)).statusCode(201);
    }

    @Test
    void showsHowItWillEnd() {
        JsonPath page = begun(plan(Map.of()));
        pays(page);
        String ends = isSoon("trialing").extract().path("currentPeriodEnd");
        String path = "/v1/subscriptions/" + stripeId(page);

        StripeSandbox.request().formParam("cancel_at_period_end", true).post(path).then().statusCode(200);
        soon().untilAsserted(() -> alice.gets(MINE).body("cancelAtPeriodEnd", equalTo(true)).body("endsAt", equalTo(ends)));
        StripeSandbox.request().formParam("cancel_at_period_end", false).post(path).then().statusCode(200);
        soon().untilAsserted(() -> alice.gets(MINE).body("endsAt", nullValue()));
        String portal = Long.toString(StripeSandbox.now().plus(Duration.ofDays(9)).getEpochSecond());
        StripeSandbox.request().formParam("cancel_at", portal).post(path).then().statusCode(200);

        soon().untilAsserted(() -> alice.gets(MINE).body("cancelAtPeriodEnd", equalTo(false)).body("endsAt", notNullValue()));
        agrees();
    }

    @Test
    void endsAndGoesOnAsTheSubscriberWants() {
        JsonPath page = begun(plan(Map.of("benefits", Map.of("platformFeePercentage", 12.5))));
        Problem.is(ends(true), 409, "subscription-not-live");
        Problem.is(alice.deletes(MINE), 409, "subscription-not-live");
        entitled(null);
        pays(page);
        String end = isSoon("trialing").extract().path("currentPeriodEnd");
        entitled("professional").body("benefits.platformFeePercentage", equalTo(12.50f));

        ends(true).statusCode(200).body("cancelAtPeriodEnd", equalTo(true)).body("endsAt", equalTo(end));
        ends(true).statusCode(200).body("endsAt", equalTo(end));
        ends(false).statusCode(200).body("cancelAtPeriodEnd", equalTo(false)).body("endsAt", nullValue());
        String portal = Long.toString(StripeSandbox.now().plus(Duration.ofDays(9)).getEpochSecond());
        StripeSandbox.request().formParam("cancel_at", portal).post("/v1/subscriptions/" + stripeId(page)).then()
                .statusCode(200);
        ends(false).statusCode(200).body("endsAt", nullValue());
        agrees();
        entitled("professional");

        alice.deletes(MINE).statusCode(200).body("status", equalTo("canceled")).body("endsAt", notNullValue());
        entitled(null);
        Problem.is(alice.deletes(MINE), 409, "subscription-not-live");
        Problem.is(ends(false), 409, "subscription-not-live");
        Problem.names(alice.asks().body(Map.of()).patch(MINE).then(), "cancelAtPeriodEnd");
        agrees();
    }

    @Test
    void endsWhateverFailsOnce() {
        JsonPath page = begun(plan(Map.of()));
        pays(page);
        isSoon("trialing");
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/subscriptions/*\"},"
                + " \"times\": 1, \"do\": \"500_after\"}, {\"match\": {\"method\": \"DELETE\", \"path\":"
                + " \"/v1/subscriptions/*\"}, \"times\": 1, \"do\": \"lost_answer\"}]}");

        ends(true).statusCode(200).body("cancelAtPeriodEnd", equalTo(true));
        alice.deletes(MINE).statusCode(200).body("status", equalTo("canceled"));

        agrees();
    }

    @Test
    void isFreeAgainWhenThePageIsOver() {
        String plan = plan(Map.of());
        JsonPath first = begun(plan);

        StripeSandbox.advance(Duration.ofMinutes(40));

        soon().untilAsserted(() -> assertThat(status(first)).isEqualTo("expired"));
        assertThat(begun(plan).getString("checkoutUrl")).isNotEqualTo(first.getString("checkoutUrl"));
    }

    @Test
    void isFreeAgainWhereStripeOpenedNoPageAndNobodySaysSo() {
        alice.gets("/v1/me");
        String plan = plan(Map.of());
        StripeSandbox.faults("{\"webhooks\": [{\"match\": {\"type\": \"*\"}, \"do\": \"drop\"}],"
                + " \"requests\": [{\"match\": {\"method\": \"GET\", \"path\": \"/v1/events*\"}, \"do\": \"500_before\"},"
                + " {\"match\": {\"method\": \"POST\", \"path\": \"/v1/checkout/sessions\"}, \"do\": \"500_before\"}]}");
        asks(plan).statusCode(503);
        assertThat(statuses()).containsExactly("requested");
        StripeSandbox.advance(Duration.ofMinutes(40));

        soon().untilAsserted(() -> {
            jobs.runNow("subscription-check");
            assertThat(statuses()).containsExactly("expired");
        });
    }

    @Test
    void continuesWhereStripeWasAway() {
        String plan = plan(Map.of());
        begun(plan(Map.of()));
        StripeSandbox.faults("{\"requests\": [{\"match\": {\"method\": \"POST\", \"path\": \"/v1/checkout/sessions*\"},"
                + " \"do\": \"500_after\"}, {\"match\": {\"method\": \"GET\", \"path\": \"/v1/checkout/sessions*\"},"
                + " \"do\": \"500_before\"}]}");
        asks(plan).statusCode(503);
        StripeSandbox.noFaults();

        pays(begun(plan));

        isSoon("trialing").body("plan.id", equalTo(plan));
        agrees();
        assertThat(statuses()).containsExactlyInAnyOrder("expired", "trialing");
    }

    @Test
    void beginsAgainWithACustomerThatStripeHas() {
        String plan = plan(Map.of());
        JsonPath page = begun(plan);
        String customer = page(page).getString("customer");
        begun(plan(Map.of("name", "Other")));
        OwnerSql.run(
                "update stripe_customers set stripe_customer_id = 'cus_elsewhere" + UUID.randomUUID().toString().substring(0, 8)
                        + "' where user_id = ?::uuid",
                alice.id());

        JsonPath next = begun(plan);

        assertThat(page(next).getString("customer")).as("found again by our id").isEqualTo(customer);
        assertThat(statuses()).contains("refused");
        pays(next);
        isSoon("trialing");
        agrees();
    }

    @Test
    void sellsAPlanWhosePriceStripeHasLost() {
        String plan = plan(Map.of());
        OwnerSql.run("""
                update subscription_plans set stripe_price_id = 'price_' || replace(id::text, '-', ''),
                  stripe_product_id = 'prod_elsewhere', price_status = 'synced' where id = ?::uuid""", plan);

        pays(begun(plan));

        isSoon("trialing").body("plan.id", equalTo(plan));
        agrees();
        assertThat(statuses()).containsExactlyInAnyOrder("refused", "trialing");
    }

    @Test
    void cancelsTheLaterOfTwoThatWerePaid() {
        String plan = plan(Map.of());
        JsonPath first = begun(plan);
        OwnerSql.run("update subscriptions set status = 'expired', check_at = null where id = ?::uuid",
                first.getString("subscriptionId"));
        pays(begun(plan(Map.of("name", "Expert"))));
        isSoon("trialing");

        pays(first);

        soon().untilAsserted(() -> assertThat(status(first)).isEqualTo("canceled"));
        alice.gets(MINE).body("status", equalTo("trialing")).body("plan.name", equalTo("Expert"));
        agrees();
        assertThat(alive()).hasSize(1);
    }

    @Test
    void closesAnOpenPageWhereAnotherWasPaid() {
        JsonPath first = begun(plan(Map.of()));
        OwnerSql.run("update subscriptions set status = 'expired', check_at = null where id = ?::uuid",
                first.getString("subscriptionId"));
        JsonPath open = begun(plan(Map.of("name", "Expert")));

        pays(first);

        isSoon("trialing").body("id", equalTo(first.getString("subscriptionId")));
        soon().untilAsserted(() -> assertThat(page(open).getString("status")).isEqualTo("expired"));
        assertThat(status(open)).isEqualTo("expired");
        agrees();
    }

    @Test
    void goesOnWhateverBecomesOfThePlan() {
        String plan = plan(Map.of());
        JsonPath page = begun(plan);
        Person.admin().asks().body(Map.of("active", false)).patch("/v1/admin/plans/" + plan).then().statusCode(200);

        Problem.is(asks(plan), 404, "not-found");
        pays(page);

        isSoon("trialing").body("plan.id", equalTo(plan));
        agrees();
    }

    @Test
    void refusesWhatCannotBeSubscribedTo() {
        Problem.is(asks(UUID.randomUUID().toString()), 404, "not-found");
        Problem.is(asks(plan(Map.of("active", false))), 404, "not-found");
        Problem.is(asks(plan(Map.of("audience", "organization"))), 404, "not-found");
        Problem.names(alice.posts(CHECKOUT, Map.of()), "planId");
        Problem.is(alice.posts(CHECKOUT, Map.of("planId", plan(Map.of()), "successUrl", "https://evil.example/x")), 422,
                "return-url-not-allowed");
        assertThat(statuses()).isEmpty();
    }

    @Test
    void refusesAnotherCurrencyThanTheSubscribersOwn() {
        JsonPath page = begun(plan(Map.of()));
        pays(page);
        isSoon("trialing");
        StripeSandbox.request().delete("/v1/subscriptions/" + stripeId(page)).then().statusCode(200);
        isSoon("canceled");

        Problem.is(asks(plan(Map.of("amount", Marketplace.money("19.00", "EUR")))), 422, "subscription-currency")
                .body("currency", equalTo("EUR"));

        pays(begun(plan(Map.of())));
        isSoon("trialing");
    }

    @Test
    void sendsSubscribersToPagesOfItsOwn() {
        JsonPath page = page(begun(plan(Map.of())));

        assertThat(page.getString("success_url")).endsWith("/subscriptions/done");
        assertThat(page.getString("cancel_url")).endsWith("/subscriptions/left");
        given().get("/subscriptions/done").then().statusCode(200);
        given().get("/subscriptions/left").then().statusCode(200);
    }

    /** A plan that begins with a trial, so that nothing is paid. */
    private static String plan(Map<String, ?> others) {
        Map<String, Object> terms = new HashMap<>(Map.of("trialDays", 14));
        terms.putAll(others);
        return Marketplace.plan(terms);
    }

    private ValidatableResponse ends(boolean withPeriod) {
        return alice.asks().body(Map.of("cancelAtPeriodEnd", withPeriod)).patch(MINE).then();
    }

    private ValidatableResponse entitled(@Nullable String tier) {
        return alice.gets("/v1/me/entitlements").statusCode(200).body("tier", tier == null ? nullValue() : equalTo(tier));
    }

    private ValidatableResponse asks(String plan) {
        return alice.posts(CHECKOUT, Map.of("planId", plan));
    }

    private JsonPath begun(String plan) {
        return asks(plan).statusCode(201).extract().jsonPath();
    }

    private static void pays(JsonPath page) {
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);
    }

    private ValidatableResponse isSoon(String status) {
        soon().untilAsserted(() -> alice.gets(MINE).statusCode(200).body("status", equalTo(status)));
        return alice.gets(MINE);
    }

    /** Each of the person's rows that Stripe has is as Stripe's object, field by field. */
    private void agrees() {
        soon().untilAsserted(() -> assertThat(rows()).isNotEmpty().allSatisfy(row -> {
            JsonPath stripes = StripeSandbox.request().get("/v1/subscriptions/" + row.get("stripe_subscription_id")).jsonPath();
            assertThat(row).containsEntry("status", stripes.getString("status"))
                    .containsEntry("stripe_customer_id", stripes.getString("customer"))
                    .containsEntry("stripe_price_id", stripes.getString("items.data[0].price.id"))
                    .containsEntry("current_period_start", seconds(stripes, "items.data[0].current_period_start"))
                    .containsEntry("current_period_end", seconds(stripes, "items.data[0].current_period_end"))
                    .containsEntry("cancel_at", seconds(stripes, "cancel_at"))
                    .containsEntry("cancel_at_period_end", stripes.getBoolean("cancel_at_period_end"))
                    .containsEntry("canceled_at", seconds(stripes, "canceled_at"))
                    .containsEntry("ended_at", seconds(stripes, "ended_at"))
                    .containsEntry("cancellation_reason", stripes.getString("cancellation_details.reason"))
                    .containsEntry("trial_start", seconds(stripes, "trial_start"))
                    .containsEntry("trial_end", seconds(stripes, "trial_end"))
                    .containsEntry("latest_invoice", stripes.getString("latest_invoice"))
                    .containsEntry("coachpay_id", stripes.getString("metadata.coachpay_id"));
        }));
    }

    private static @Nullable Long seconds(JsonPath stripes, String field) {
        return stripes.get(field) == null ? null : Long.valueOf(stripes.getLong(field));
    }

    private List<Map<String, @Nullable Object>> rows() {
        String moments = List.of("current_period_start", "current_period_end", "cancel_at", "canceled_at", "ended_at",
                "trial_start", "trial_end").stream().map(each -> "extract(epoch from " + each + ")::bigint as " + each)
                .reduce((one, other) -> one + ", " + other).orElseThrow();
        return OwnerSql.rows("select id::text as coachpay_id, status, stripe_subscription_id, stripe_customer_id,"
                + " stripe_price_id, cancel_at_period_end, cancellation_reason, latest_invoice, " + moments
                + " from subscriptions where user_id = ?::uuid and stripe_subscription_id is not null", alice.id());
    }

    private List<Object> statuses() {
        return OwnerSql.rows("select status from subscriptions where user_id = ?::uuid", alice.id()).stream()
                .map(row -> row.get("status")).toList();
    }

    /** The person's subscriptions that live at Stripe. */
    private List<String> alive() {
        String customer = String.valueOf(rows().get(0).get("stripe_customer_id"));
        return StripeSandbox.request().queryParam("customer", customer).get("/v1/subscriptions").jsonPath().getList("data.id");
    }

    private static Object status(JsonPath page) {
        return row(page).get("status");
    }

    private static String stripeId(JsonPath page) {
        return String.valueOf(row(page).get("stripe_subscription_id"));
    }

    private static JsonPath page(JsonPath page) {
        return StripeSandbox.request().get("/v1/checkout/sessions/" + row(page).get("stripe_checkout_session_id")).jsonPath();
    }

    private static Map<String, @Nullable Object> row(JsonPath page) {
        return OwnerSql.rows("select * from subscriptions where id = ?::uuid", page.getString("subscriptionId")).get(0);
    }
}
