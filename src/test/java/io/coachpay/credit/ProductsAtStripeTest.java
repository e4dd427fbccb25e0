package io.coachpay.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

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
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeProducts;

@ServiceTest
class ProductsAtStripeTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Inject
    Access access;
    @Inject
    ProductsAtStripe products;
    @Inject
    StripeProducts stripe;
    @Inject
    IdempotentCalls once;
    @Inject
    Clock clock;
    @Inject
    Jobs jobs;

    @AfterEach
    void mend() {
        StripeSandbox.noFaults();
        OwnerSql.run("update credit_packages set is_active = false where amount = 9999");
    }

    @Test
    void makesOneProductForTwentyFirstNeedsAtOnce() {
        UUID id = offered("Pro");

        List<String> ids = AtOnce.times(20, () -> products.ensure(id));

        assertThat(ids).hasSize(20).containsOnly(ids.get(0));
        assertThat(atStripe(id)).containsExactly(ids.get(0));
        assertThat(name(ids.get(0))).isEqualTo("Pro");
        assertThat(status(id)).isEqualTo("synced");
        Person.admin().gets("/v1/admin/credit-packages?limit=100").body("data.productId", hasItem(ids.get(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = { "500_before", "500_after", "lost_answer", "refuse" })
    void makesOneProductWhateverFailsOnce(String fault) {
        UUID id = offered("Pro");
        StripeSandbox.faults(faults(rule("POST", fault, 1)));

        String product = products.ensure(id);

        assertThat(atStripe(id)).containsExactly(product);
    }

    @ParameterizedTest
    @ValueSource(strings = { "500_after", "refuse" })
    void goesOnAfterStripeWasAwayForLong(String fault) {
        UUID id = offered("Pro");
        StripeSandbox.faults(faults(rule("POST", fault, 99) + ", " + rule("GET", "refuse", 99)));
        assertThat(catchThrowable(() -> products.ensure(id))).isInstanceOf(StripeAway.class);
        assertThat(stored(id)).isNull();
        StripeSandbox.noFaults();

        String product = products.ensure(id);

        assertThat(atStripe(id)).containsExactly(product);
        assertThat(stored(id)).isEqualTo(product);
    }

    /** The instance dies after Stripe has made the product and before its id is written. */
    @Test
    void findsTheProductThatItDidNotWriteDown() {
        UUID id = offered("Pro");
        String first = products.ensure(id);
        forget(id);

        assertThat(products.ensure(id)).as("the same key").isEqualTo(first);
        forget(id);
        StripeSandbox.advance(Duration.ofHours(30));

        assertThat(products.ensure(id)).as("a key that Stripe has forgotten").isEqualTo(first);
        assertThat(atStripe(id)).containsExactly(first);
    }

    /** Under the same key Stripe refuses another name, so the product is looked for. */
    @Test
    void findsTheProductOfAPackageThatWasRenamedMeanwhile() {
        UUID id = offered("Pro");
        String first = products.ensure(id);
        forget(id);
        renamed(id, "Professional");

        assertThat(products.ensure(id)).isEqualTo(first);
        assertThat(atStripe(id)).containsExactly(first);
        jobs.runNow("product-sync");

        assertThat(name(first)).isEqualTo("Professional");
        assertThat(status(id)).isEqualTo("synced");
    }

    @Test
    void tellsStripeOfAnotherName() {
        UUID id = offered("Pro");
        String product = products.ensure(id);

        for (String name : List.of("One", "Two", "One", "Two")) {
            renamed(id, name);
            assertThat(name(product)).isEqualTo(name);
        }
        assertThat(status(id)).isEqualTo("synced");
    }

    @ParameterizedTest
    @ValueSource(strings = { "refuse", "500_after", "429" })
    void tellsStripeLaterWhenItIsAway(String fault) {
        UUID id = offered("Pro");
        String product = products.ensure(id);
        StripeSandbox.faults(faults(rule("POST", fault, 99)));

        String updatedAt = renamed(id, "Later");

        assertThat(status(id)).isEqualTo("pending");
        StripeSandbox.noFaults();
        // Stripe repeats a failure that it has stored: that run hears so, and the next has another key.
        await().atMost(SOON).untilAsserted(() -> {
            jobs.runNow("product-sync");
            assertThat(status(id)).isEqualTo("synced");
        });
        assertThat(name(product)).isEqualTo("Later");
        Person.admin().asks().body(Map.of("sortOrder", 1, "updatedAt", updatedAt)).patch("/v1/admin/credit-packages/" + id)
                .then().statusCode(200);
    }

    @Test
    void sendsANameOnceThatStripeRefuses() {
        UUID id = offered("Pro");
        String product = products.ensure(id);
        StripeSandbox
                .faults("""
                        {"requests": [{"match": {"method": "POST", "path": "/v1/products/*"}, "do": "error", "status": 400, "param": "name"}]}""");

        renamed(id, "Refused");

        assertThat(status(id)).isEqualTo("failed");
        StripeSandbox.noFaults();
        jobs.runNow("product-sync");
        assertThat(name(product)).isEqualTo("Pro");
        renamed(id, "Taken");
        assertThat(name(product)).isEqualTo("Taken");
    }

    @Test
    void leavesANameOfStripesDashboardAlone() {
        UUID id = offered("Pro");
        String product = products.ensure(id);

        StripeSandbox.request().formParam("name", "From the dashboard").post("/v1/products/" + product).then().statusCode(200);
        await().atMost(SOON).until(() -> "processed".equals(lastUpdate(product)));
        jobs.runNow("product-sync");

        assertThat(name(product)).isEqualTo("From the dashboard");
        Person.admin().gets("/v1/admin/credit-packages?limit=100").body("data.find { it.id == '" + id + "' }.name",
                equalTo("Pro"));
        renamed(id, "Ours");
        assertThat(name(product)).isEqualTo("Ours");
    }

    @Test
    void makesAnotherWhenStripesIsGone() {
        UUID id = offered("Pro");
        String elsewhere = "prod_" + Ids.next().toString().replace("-", "");
        OwnerSql.run("update credit_packages set stripe_product_id = ?, product_status = 'synced' where id = ?", elsewhere, id);
        renamed(id, "Professional");
        assertThat(stored(id)).isNull();

        String next = products.ensure(id);

        assertThat(name(next)).isEqualTo("Professional");
        assertThat(atStripe(id)).containsExactly(next);
        products.gone(id, elsewhere);
        assertThat(stored(id)).isEqualTo(next);
    }

    @Test
    void givesOthersTheirTurnBeforeOneThatWasTried() {
        List<UUID> ids = List.of(offered("A1"), offered("B2"), offered("C3"));
        ids.forEach(products::ensure);
        ids.forEach(id -> OwnerSql.run("update credit_packages set product_status = 'pending' where id = ?", id));

        List<UUID> tried = access.asService(
                () -> IntStream.range(0, 3).mapToObj(turn -> CreditPackage.takeUnpushed(1)).flatMap(List::stream).toList());

        assertThat(tried).containsExactlyInAnyOrderElementsOf(ids);
        jobs.runNow("product-sync");
        assertThat(ids).allSatisfy(id -> assertThat(status(id)).isEqualTo("synced"));
    }

    @Test
    void makesNoProductWhereNoneIsUsed() {
        UUID id = offered("Pro");

        assertThat(new ProductsAtStripe(access, stripe, once, clock, false).toSell(id)).isEmpty();
        assertThat(atStripe(id)).isEmpty();

        assertThat(products.toSell(id)).isPresent();
        assertThat(products.toSell(id)).contains(atStripe(id).get(0));
    }

    @Test
    void sellsNoOtherPackage() {
        UUID withdrawn = offered("Pro");
        OwnerSql.run("update credit_packages set is_active = false where id = ?", withdrawn);

        assertThatThrownBy(() -> products.ensure(Ids.next())).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> products.ensure(withdrawn)).isInstanceOf(NotFound.class);
        ProductsAtStripe unused = new ProductsAtStripe(access, stripe, once, clock, false);
        assertThatThrownBy(() -> unused.toSell(withdrawn)).isInstanceOf(NotFound.class);
    }

    private static UUID offered(String name) {
        return UUID.fromString(Person.admin().posts("/v1/admin/credit-packages", Map.of("name", name, "amount",
                Map.of("amount", "9999.00", "currency", "USD"), "creditAmount", "9999", "active", true)).statusCode(201)
                .extract().path("id"));
    }

    private static String renamed(UUID id, String name) {
        return Person.admin().asks().body(Map.of("name", name)).patch("/v1/admin/credit-packages/" + id).then()
                .statusCode(200).body("name", equalTo(name)).extract().path("updatedAt");
    }

    private static void forget(UUID id) {
        OwnerSql.run("update credit_packages set stripe_product_id = null, product_status = null where id = ?", id);
    }

    private static Object stored(UUID id) {
        return OwnerSql.rows("select stripe_product_id as product from credit_packages where id = ?", id).get(0).get("product");
    }

    private static Object status(UUID id) {
        return OwnerSql.rows("select product_status as status from credit_packages where id = ?", id).get(0).get("status");
    }

    /** The state of the latest event about the product's change; null before it came. */
    private static Object lastUpdate(String product) {
        List<Map<String, Object>> events = OwnerSql.rows(
                """
                        select status from stripe_events where type = 'product.updated' and payload::jsonb -> 'data' -> 'object' ->> 'id' = ?
                        order by id desc limit 1""",
                product);
        return events.isEmpty() ? null : events.get(0).get("status");
    }

    private static List<String> atStripe(UUID id) {
        return StripeSandbox.request().queryParam("limit", 100).get("/v1/products").then().statusCode(200).extract()
                .jsonPath().getList("data.findAll { it.metadata.coachpay_id == '" + id + "' }.id");
    }

    private static String name(String product) {
        return StripeSandbox.request().get("/v1/products/" + product).then().statusCode(200).extract().path("name");
    }

    private static String faults(String rules) {
        return "{\"requests\": [" + rules + "]}";
    }

    private static String rule(String method, String fault, int times) {
        return "{\"match\": {\"method\": \"%s\", \"path\": \"/v1/products*\"}, \"times\": %d, \"do\": \"%s\"}".formatted(method,
                times, fault);
    }
}
