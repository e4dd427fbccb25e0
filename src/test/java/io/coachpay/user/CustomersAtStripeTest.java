package io.coachpay.user;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.node.MissingNode;

import io.coachpay.AtOnce;
import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.StripeSandbox;
import io.coachpay.access.Access;
import io.coachpay.access.Ids;
import io.coachpay.http.NotFound;
import io.coachpay.inbox.Answers;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.Undecided;
import io.coachpay.job.Jobs;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeCustomer;
import io.restassured.path.json.JsonPath;

@ServiceTest
class CustomersAtStripeTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Inject
    Access access;
    @Inject
    CustomersAtStripe customers;
    @Inject
    CustomerHandler handler;
    @Inject
    Jobs jobs;

    @AfterEach
    void mend() {
        StripeSandbox.noFaults();
    }

    @Test
    void makesOneCustomerForTwentyFirstNeedsAtOnce() {
        Person payer = Person.called("payer");
        UUID user = UUID.fromString(payer.id());

        List<String> ids = AtOnce.times(20, () -> customers.ensure(user));

        assertThat(ids).hasSize(20).containsOnly(ids.get(0));
        assertThat(atStripe(user)).containsExactly(ids.get(0));
        payer.gets("/v1/me").body("stripeCustomerId", equalTo(ids.get(0)));
        assertThat(name(ids.get(0))).isEqualTo(payer.gets("/v1/me").extract().path("name"));
    }

    @Test
    void givesOthersTheirTurnBeforeOneThatWasTried() {
        List<UUID> users = List.of(newUser(), newUser(), newUser());
        users.forEach(customers::ensure);
        OwnerSql.run("update stripe_customers set sync_status = 'pending' where user_id = any (?::uuid[])",
                users.stream().map(UUID::toString).collect(joining(",", "{", "}")));

        List<Customer> tried = access.asService(() -> {
            int pending = (int) Customer.count("details.syncStatus = ?1 and stripeId is not null and userId is not null",
                    SyncStatus.PENDING);
            return IntStream.range(0, pending).mapToObj(turn -> CustomerTurns.unpushed(1)).flatMap(List::stream).toList();
        });

        assertThat(tried).extracting(Customer::userId).doesNotHaveDuplicates().containsAll(users);
    }

    @ParameterizedTest
    @ValueSource(strings = { "500_before", "500_after", "lost_answer", "refuse" })
    void makesOneCustomerWhateverFailsOnce(String fault) {
        UUID user = newUser();
        StripeSandbox.faults(customerFault("POST", fault, 1));

        String customer = customers.ensure(user);

        assertThat(atStripe(user)).containsExactly(customer);
    }

    @ParameterizedTest
    @ValueSource(strings = { "500_before", "500_after", "refuse" })
    void goesOnAfterStripeWasAwayForLong(String fault) {
        UUID user = newUser();
        StripeSandbox.faults("{\"requests\": [" + rule("POST", fault, 99) + ", " + rule("GET", "refuse", 99) + "]}");
        // If the customer was created, its event may bring what the answer did not.
        assertThat(catchThrowable(() -> customers.ensure(user))).satisfiesAnyOf(away -> assertThat(away).isNull(),
                away -> assertThat(away).isInstanceOf(StripeAway.class));
        StripeSandbox.noFaults();

        String customer = customers.ensure(user);

        assertThat(atStripe(user)).containsExactly(customer);
    }

    @Test
    void looksForTheCustomerWhenStripeHasForgottenTheKey() {
        UUID user = newUser();
        String first = customers.ensure(user);
        access.runAsService(() -> Customer.update("stripeId = null where userId = ?1", user));
        StripeSandbox.advance(Duration.ofHours(30));

        assertThat(customers.ensure(user)).isEqualTo(first);
        assertThat(atStripe(user)).containsExactly(first);
    }

    @Test
    void knowsNobodyWhoIsNoUser() {
        assertThatThrownBy(() -> customers.ensure(Ids.next())).isInstanceOf(NotFound.class);
    }

    @Test
    void tellsStripeOfAnotherName() {
        Person payer = Person.called("payer");
        String customer = customers.ensure(UUID.fromString(payer.id()));

        payer.asks().body(Map.of("name", "Ann Archer", "email", "ann@example.org")).patch("/v1/me").then().statusCode(200);

        assertThat(name(customer)).isEqualTo("Ann Archer");
        assertThat(object(customer).getString("email")).isEqualTo("ann@example.org");
        assertThat(status(payer)).isEqualTo(SyncStatus.SYNCED);
    }

    @Test
    void tellsStripeLaterWhenItIsAway() {
        Person payer = Person.called("payer");
        String customer = customers.ensure(UUID.fromString(payer.id()));
        StripeSandbox.faults(customerFault("POST", "refuse", 99));

        payer.asks().body(Map.of("name", "Later")).patch("/v1/me").then().statusCode(200).body("name", equalTo("Later"));

        assertThat(status(payer)).isEqualTo(SyncStatus.PENDING);
        StripeSandbox.noFaults();
        await().atMost(SOON).untilAsserted(() -> {
            jobs.runNow("customer-sync");
            assertThat(status(payer)).isEqualTo(SyncStatus.SYNCED);
        });
        assertThat(name(customer)).isEqualTo("Later");
    }

    @Test
    void namesGoBackAndForth() {
        Person payer = Person.called("payer");
        String customer = customers.ensure(UUID.fromString(payer.id()));

        for (String name : List.of("One", "Two", "One", "Two")) {
            payer.asks().body(Map.of("name", name)).patch("/v1/me").then().statusCode(200);
            assertThat(name(customer)).isEqualTo(name);
        }
    }

    @Test
    void hearsWhatWasChangedAtStripe() {
        Person payer = Person.called("payer");
        String customer = customers.ensure(UUID.fromString(payer.id()));

        StripeSandbox.request().formParam("name", "From Stripe").post("/v1/customers/" + customer).then().statusCode(200);

        await().atMost(SOON).untilAsserted(() -> payer.gets("/v1/me").body("name", equalTo("From Stripe")));
    }

    @Test
    void makesAnotherWhenStripesIsGone() {
        Person payer = Person.called("payer");
        UUID user = UUID.fromString(payer.id());
        String gone = customers.ensure(user);
        StripeSandbox.request().delete("/v1/customers/" + gone).then().statusCode(200);
        await().atMost(SOON).until(() -> status(payer) == SyncStatus.MISSING);

        String next = customers.ensure(user);

        assertThat(next).isNotEqualTo(gone);
        assertThat(atStripe(user)).containsExactly(next);
        payer.gets("/v1/me").body("stripeCustomerId", equalTo(next));
    }

    @Test
    void hearsNothingFromThePast() {
        Person payer = Person.called("payer");
        UUID user = UUID.fromString(payer.id());
        String customer = customers.ensure(user);
        Event old = event("customer.updated", user, customer, "Old News", Instant.now().minusSeconds(3600));

        access.runAsService(() -> handler.apply(old, Fetched.nothing()));

        payer.gets("/v1/me").body("name", equalTo(name(customer)));
    }

    /** Both are of the same second, so which of them is newer is unknown. */
    @Test
    void believesNoReadingThatAnotherHasOvertaken() {
        Person payer = Person.called("payer");
        UUID user = UUID.fromString(payer.id());
        String customer = customers.ensure(user);
        Instant now = StripeSandbox.now();
        Fetch itself = new Fetch(StripeCustomer.OBJECT, customer, null);
        Event first = event("customer.updated", user, customer, "First", now);
        access.runAsService(() -> handler.apply(first, Answers.of(itself, first.object(), now)));
        Event second = event("customer.updated", user, customer, "Second", now);
        assertThat(handler.needs(second)).containsExactly(itself);
        Fetched before = Answers.of(itself, second.object(), now);

        assertThatThrownBy(() -> access.runAsService(() -> handler.apply(second, before))).isInstanceOf(Undecided.class);

        payer.gets("/v1/me").body("name", equalTo("First"));
    }

    @Test
    void notesTheCustomerOfAnEventThatOvertakesTheAnswer() {
        UUID user = newUser();
        UUID row = access.asService(() -> Customer.begun(User.byId(user), Instant.now())).id();
        String customer = "cus_" + user.toString().replace("-", "");

        Event made = event("customer.created", row, customer, "Ann", Instant.now());
        access.runAsService(() -> handler.apply(made, Fetched.nothing()));
        access.runAsService(() -> handler.apply(made, Fetched.nothing()));

        assertThat(customers.ensure(user)).isEqualTo(customer);
    }

    @Test
    void waitsForTheRowOfAnEventThatComesTooEarly() {
        Event early = event("customer.created", Ids.next(), "cus_early", "Ann", Instant.now());

        assertThatThrownBy(() -> access.runAsService(() -> handler.apply(early, Fetched.nothing())))
                .isInstanceOf(MissingParent.class);
    }

    private UUID newUser() {
        return UUID.fromString(Person.called("payer").id());
    }

    private SyncStatus status(Person person) {
        UUID user = UUID.fromString(person.id());
        return access.asService(() -> Customer.ofUser(user)).details().syncStatus();
    }

    private List<String> atStripe(UUID user) {
        UUID row = access.asService(() -> Customer.ofUser(user)).id();
        return StripeSandbox.request().queryParam("limit", 100).get("/v1/customers").then().statusCode(200).extract()
                .jsonPath().getList("data.findAll { it.metadata.coachpay_id == '" + row + "' }.id");
    }

    /** A reading is applied only after Stripe was sent another name. */
    @Test
    void keepsWhatStripeWasToldAfterAReading() {
        Person payer = Person.called("payer");
        UUID user = UUID.fromString(payer.id());
        String customer = customers.ensure(user);
        payer.asks().body(Map.of("name", "One")).patch("/v1/me").then().statusCode(200);
        Instant read = StripeSandbox.now();

        payer.asks().body(Map.of("name", "Two")).patch("/v1/me").then().statusCode(200);

        Event one = event("customer.updated", user, customer, "One", asOf(customer));
        Fetched reading = Answers.of(new Fetch(StripeCustomer.OBJECT, customer, null), one.object(), read);
        assertThatThrownBy(() -> access.runAsService(() -> handler.apply(one, reading))).isInstanceOf(Undecided.class);
        payer.gets("/v1/me").body("name", equalTo("Two"));
    }

    /** The second of our state. */
    private static Instant asOf(String customer) {
        return ((Timestamp) OwnerSql.rows("select stripe_as_of from stripe_customers where stripe_customer_id = ?", customer)
                .get(0)
                .get("stripe_as_of")).toInstant();
    }

    private static String name(String customer) {
        return object(customer).getString("name");
    }

    private static JsonPath object(String customer) {
        return StripeSandbox.request().get("/v1/customers/" + customer).then().statusCode(200).extract().jsonPath();
    }

    private static Event event(String type, UUID coachpayId, String customer, String name, Instant created) {
        String object = """
                {"id": "%s", "object": "customer", "name": "%s", "email": null, "created": 1, "metadata": {"coachpay_id": "%s"}}"""
                .formatted(customer, name, coachpayId);
        return new Event(Ids.next(), "evt_" + Ids.next().toString().replace("-", ""), null, Endpoint.PLATFORM, type, null,
                created.truncatedTo(java.time.temporal.ChronoUnit.SECONDS), false, Json.read(object),
                MissingNode.getInstance());
    }

    private static String customerFault(String method, String fault, int times) {
        return "{\"requests\": [" + rule(method, fault, times) + "]}";
    }

    private static String rule(String method, String fault, int times) {
        return "{\"match\": {\"method\": \"%s\", \"path\": \"/v1/customers*\"}, \"times\": %d, \"do\": \"%s\"}".formatted(
                method,
                times, fault);
    }
}
