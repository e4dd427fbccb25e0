package io.coachpay.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.AtOnce;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.http.NotFound;
import io.coachpay.job.Jobs;
import io.coachpay.journey.Marketplace;
import io.coachpay.stripe.StripeAway;
import io.restassured.path.json.JsonPath;

@ServiceTest
class PlansAtStripeTest {

    @Inject
    PlansAtStripe plans;
    @Inject
    Access access;
    @Inject
    Jobs jobs;

    @AfterEach
    void mend() {
        StripeSandbox.noFaults();
    }

    @Test
    void makesOnePriceForTwentyFirstNeedsAtOnce() {
        UUID id = offered();

        List<String> ids = AtOnce.times(20, () -> plans.ensure(id));

        assertThat(ids).hasSize(20).containsOnly(ids.get(0));
        assertThat(atStripe(id)).containsExactly(ids.get(0));
        JsonPath price = price(ids.get(0));
        assertThat(price.getLong("unit_amount")).isEqualTo(1900);
        assertThat(price.getString("currency")).isEqualTo("usd");
        assertThat(price.getString("recurring.interval")).isEqualTo("month");
        assertThat(name(id)).isEqualTo("Professional");
        assertThat(stored(id, "stripe_product_id")).isEqualTo(price.getString("product"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "500_before", "500_after", "lost_answer", "refuse" })
    void makesOnePriceWhateverFailsOnce(String fault) {
        UUID id = offered();
        StripeSandbox.faults(faults(rule("POST", fault, 1)));

        String price = plans.ensure(id);

        assertThat(atStripe(id)).containsExactly(price);
    }

    @ParameterizedTest
    @ValueSource(strings = { "500_after", "refuse" })
    void goesOnAfterStripeWasAwayForLong(String fault) {
        UUID id = offered();
        StripeSandbox.faults(faults(rule("POST", fault, 99) + ", " + rule("GET", "refuse", 99)));
        assertThat(catchThrowable(() -> plans.ensure(id))).isInstanceOf(StripeAway.class);
        assertThat(stored(id, "stripe_price_id")).isNull();
        StripeSandbox.noFaults();

        String price = plans.ensure(id);

        assertThat(atStripe(id)).containsExactly(price);
    }

    /** The instance dies after Stripe has made the price and before its id is written. */
    @Test
    void findsThePriceThatItDidNotWriteDown() {
        UUID id = offered();
        String first = plans.ensure(id);
        forget(id);

        assertThat(plans.ensure(id)).as("the same key").isEqualTo(first);
        forget(id);
        StripeSandbox.advance(Duration.ofHours(30));

        assertThat(plans.ensure(id)).as("a key that Stripe has forgotten").isEqualTo(first);
        forget(id);
        changed(id, Map.of("name", "Expert"));
        assertThat(plans.ensure(id)).as("a form that Stripe did not have under the key").isEqualTo(first);
        assertThat(atStripe(id)).containsExactly(first);
    }

    @Test
    void sellsPlansThatReplaceEachOtherAsOneProduct() {
        UUID old = offered();
        UUID next = UUID.fromString(Marketplace.plan(Map.of("replaces", old.toString(), "name", "Expert", "amount",
                Marketplace.money("29.00", "USD"))));

        String price = plans.ensure(next);
        jobs.runNow("plan-sync");

        assertThat(stored(next, "stripe_product_id")).isNotNull().isEqualTo(stored(old, "stripe_product_id"));
        assertThat(price(price).getLong("unit_amount")).isEqualTo(2900);
        assertThat(name(next)).as("the last of the line gives the name").isEqualTo("Expert");
        assertThat(price(String.valueOf(stored(old, "stripe_price_id"))).getBoolean("active")).isFalse();
        assertThat(price(price).getBoolean("active")).isTrue();
    }

    @Test
    void tellsStripeOfNameAndSale() {
        UUID id = offered();
        String price = plans.ensure(id);

        changed(id, Map.of("name", "Expert"));
        assertThat(name(id)).isEqualTo("Expert");
        changed(id, Map.of("active", false));
        assertThat(price(price).getBoolean("active")).isFalse();
        changed(id, Map.of("active", true));

        assertThat(price(price).getBoolean("active")).isTrue();
        assertThat(stored(id, "price_status")).isEqualTo("synced");
    }

    @ParameterizedTest
    @ValueSource(strings = { "refuse", "500_after", "429" })
    void tellsStripeLaterWhenItIsAway(String fault) {
        UUID id = offered();
        String price = plans.ensure(id);
        StripeSandbox.faults(faults(rule("POST", fault, 99)));

        changed(id, Map.of("active", false));

        assertThat(stored(id, "price_status")).isEqualTo("pending");
        StripeSandbox.noFaults();
        // Stripe repeats a failure that it has stored: that run hears so, and the next has another key.
        Marketplace.soon().untilAsserted(() -> {
            jobs.runNow("plan-sync");
            assertThat(stored(id, "price_status")).isEqualTo("synced");
        });
        assertThat(price(price).getBoolean("active")).isFalse();
    }

    @Test
    void endsTheSaleOfAPriceThatStripeSellsNoMore() {
        UUID id = sold();
        String price = String.valueOf(stored(id, "stripe_price_id"));

        StripeSandbox.request().formParam("active", false).post("/v1/prices/" + price).then().statusCode(200);

        Marketplace.soon().untilAsserted(() -> assertThat(stored(id, "is_active")).isEqualTo(false));
        changed(id, Map.of("active", true));
        assertThat(price(price).getBoolean("active")).isTrue();
    }

    @Test
    void endsTheSaleOfAProductThatStripeSellsNoMore() {
        UUID id = sold();
        String product = String.valueOf(stored(id, "stripe_product_id"));

        StripeSandbox.request().formParam("active", false).post("/v1/products/" + product).then().statusCode(200);

        Marketplace.soon().untilAsserted(() -> assertThat(stored(id, "is_active")).isEqualTo(false));
        changed(id, Map.of("active", true));
        assertThat(StripeSandbox.request().get("/v1/products/" + product).jsonPath().getBoolean("active")).isTrue();
    }

    @Test
    void leavesAloneWhatIsOfOthers() {
        String product = StripeSandbox.request().formParam("name", "Theirs").post("/v1/products").jsonPath().getString("id");
        StripeSandbox.request().formParam("name", "Still theirs").post("/v1/products/" + product).then().statusCode(200);

        Marketplace.soon().untilAsserted(() -> assertThat(OwnerSql.rows("""
                select status from stripe_events
                 where type = 'product.updated' and payload::jsonb -> 'data' -> 'object' ->> 'id' = ?""", product))
                .extracting(row -> row.get("status")).containsExactly("processed"));
    }

    @Test
    void makesAnotherWhenStripesIsGone() {
        UUID id = offered();
        OwnerSql.run("""
                update subscription_plans set stripe_price_id = ?, stripe_product_id = 'prod_gone', price_status = 'synced'
                 where id = ?""", "price_" + Ids.next().toString().replace("-", ""), id);
        changed(id, Map.of("name", "Expert"));
        assertThat(stored(id, "stripe_price_id")).isNull();

        String next = plans.ensure(id);

        assertThat(name(id)).isEqualTo("Expert");
        assertThat(atStripe(id)).containsExactly(next);
        plans.gone(id, "price_other");
        assertThat(stored(id, "stripe_price_id")).isEqualTo(next);
    }

    @Test
    void givesOthersTheirTurnBeforeOneThatWasTried() {
        List<UUID> ids = List.of(offered(), offered(), offered());
        jobs.runNow("plan-sync");
        ids.forEach(plans::ensure);

        List<UUID> tried = access.asService(() -> {
            List<UUID> first = Plan.takeUnpushed(1);
            return List.of(first.get(0), Plan.takeUnpushed(1).get(0), Plan.takeUnpushed(1).get(0));
        });

        assertThat(tried).containsExactlyInAnyOrderElementsOf(ids);
        jobs.runNow("plan-sync");
        assertThat(ids).allSatisfy(id -> assertThat(stored(id, "price_status")).isEqualTo("synced"));
    }

    @Test
    void knowsNoOtherPlan() {
        assertThatThrownBy(() -> plans.ensure(Ids.next())).isInstanceOf(NotFound.class);
    }

    private static UUID offered() {
        return UUID.fromString(Marketplace.plan(Map.of()));
    }

    /** Offers a plan whose price Stripe has as it is. */
    private UUID sold() {
        UUID id = offered();
        plans.ensure(id);
        jobs.runNow("plan-sync");
        assertThat(stored(id, "price_status")).isEqualTo("synced");
        return id;
    }

    private static void changed(UUID id, Map<String, ?> change) {
        Person.admin().asks().body(change).patch("/v1/admin/plans/" + id).then().statusCode(200).body("id",
                equalTo(id.toString()));
    }

    private static void forget(UUID id) {
        OwnerSql.run(
                "update subscription_plans set stripe_price_id = null, stripe_product_id = null, price_status = null where id = ?",
                id);
    }

    private static Object stored(UUID id, String column) {
        return OwnerSql.rows("select " + column + " as it from subscription_plans where id = ?", id).get(0).get("it");
    }

    private static List<String> atStripe(UUID id) {
        return StripeSandbox.request().queryParam("limit", 100).get("/v1/prices").then().statusCode(200).extract().jsonPath()
                .getList("data.findAll { it.metadata.coachpay_id == '" + id + "' }.id");
    }

    private static JsonPath price(String price) {
        return StripeSandbox.request().get("/v1/prices/" + price).then().statusCode(200).extract().jsonPath();
    }

    private static String name(UUID id) {
        return StripeSandbox.request().get("/v1/products/" + stored(id, "stripe_product_id")).then().statusCode(200).extract()
                .path("name");
    }

    private static String faults(String rules) {
        return "{\"requests\": [" + rules + "]}";
    }

    private static String rule(String method, String fault, int times) {
        return "{\"match\": {\"method\": \"%s\", \"path\": \"/v1/prices*\"}, \"times\": %d, \"do\": \"%s\"}".formatted(method,
                times, fault);
    }
}
