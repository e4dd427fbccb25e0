package io.coachpay.journey;

import static io.coachpay.journey.Marketplace.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;

import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.StripeSandbox;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

/** A person who subscribes, with a view of what Stripe has of it. */
final class Subscriber {

    static final String MINE = "/v1/me/subscription";
    private static final String METHODS = "/v1/me/payment-methods";

    private boolean lossy;
    private final Person person = Person.called("subscriber-" + UUID.randomUUID());

    Person person() {
        return person;
    }

    /** A plan that begins with a trial, so that nothing is paid. */
    static String trial(Map<String, ?> others) {
        Map<String, Object> terms = new HashMap<>(Map.of("trialDays", 14));
        terms.putAll(others);
        return Marketplace.plan(terms);
    }

    /** Subscribes on Stripe's page, with a card that its bank takes. */
    Subscriber onThePage(String plan) {
        JsonPath page = person.posts(MINE + "/checkout", Map.of("planId", plan)).statusCode(201).extract().jsonPath();
        StripeSandbox.payCheckout(page.getString("checkoutUrl"), "pm_card_visa").statusCode(200);
        soon().untilAsserted(() -> mine().statusCode(200).body("plan.id", equalTo(plan)));
        return this;
    }

    ValidatableResponse mine() {
        return person.gets(MINE);
    }

    ValidatableResponse isSoon(String status) {
        soon().untilAsserted(() -> mine().statusCode(200).body("status", equalTo(status)));
        return mine();
    }

    ValidatableResponse changes(Map<String, ?> change) {
        return person.asks().body(change).patch(MINE).then();
    }

    /** Saves a card at Stripe, and returns our id of it. */
    String saves(String card) {
        String stripeId = StripeSandbox.saveCard(customer(), card);
        soon().untilAsserted(() -> assertThat(ourId(stripeId)).isNotNull());
        return String.valueOf(ourId(stripeId));
    }

    private static @Nullable Object ourId(String stripeId) {
        return OwnerSql.rows("select id::text from payment_methods where stripe_payment_method_id = ?", stripeId).stream()
                .map(row -> row.get("id")).findFirst().orElse(null);
    }

    static String stripeIdOf(String method) {
        return String.valueOf(OwnerSql.rows("select stripe_payment_method_id from payment_methods where id = ?::uuid", method)
                .get(0).get("stripe_payment_method_id"));
    }

    /** The cards that the person sees, once there are so many. */
    List<String> cards(int count) {
        soon().untilAsserted(() -> person.gets(METHODS).body("id", hasSize(count)));
        return person.gets(METHODS).extract().jsonPath().getList("id");
    }

    /** The customer at Stripe, made now where there is none. */
    String customer() {
        List<Map<String, @Nullable Object>> known = OwnerSql.rows(
                "select stripe_customer_id from stripe_customers where user_id = ?::uuid and stripe_customer_id is not null",
                person.id());
        if (known.isEmpty()) {
            person.posts(METHODS + "/setup", Map.of("ui", "elements")).statusCode(201);
            return customer();
        }
        return String.valueOf(known.get(0).get("stripe_customer_id"));
    }

    JsonPath atStripe(String path) {
        return StripeSandbox.request().get(path).then().statusCode(200).extract().jsonPath();
    }

    /** The subscription as Stripe has it. */
    JsonPath subscription() {
        return atStripe(path());
    }

    String path() {
        return "/v1/subscriptions/" + row().get("stripe_subscription_id");
    }

    /** The payment that the latest invoice asks for. */
    JsonPath payment() {
        String invoice = subscription().getString("latest_invoice");
        String intent = StripeSandbox.request().queryParam("invoice", invoice).get("/v1/invoice_payments").jsonPath()
                .getString("data[0].payment.payment_intent");
        return atStripe("/v1/payment_intents/" + intent);
    }

    JsonPath invoice() {
        return atStripe("/v1/invoices/" + subscription().getString("latest_invoice"));
    }

    Map<String, @Nullable Object> row() {
        return OwnerSql.rows("select * from subscriptions where user_id = ?::uuid order by id desc limit 1", person.id())
                .get(0);
    }

    void makesDefault(String card) {
        person.puts(METHODS + "/" + card + "/default", Map.of()).statusCode(200);
    }

    void removes(String card) {
        person.deletes(METHODS + "/" + card).statusCode(200);
    }

    /** Loses about every second webhook from now on. */
    void losesEverySecondWebhook() {
        lossy = true;
        StripeSandbox.losesEverySecondWebhook();
    }

    /** Waits for what webhooks bring, and where they are lost for what the listing of events does. */
    void eventually(ThrowingRunnable expected) {
        soon().untilAsserted(() -> {
            if (lossy) {
                Marketplace.hearsOfAll();
            }
            expected.run();
        });
    }

    static void pass(Duration time) {
        StripeSandbox.advance(time);
    }

    /** Ends what is alive, so that no later story's time renews it. */
    void leaves() {
        OwnerSql.rows("select stripe_subscription_id from subscriptions where user_id = ?::uuid"
                + " and stripe_subscription_id is not null", person.id()).stream()
                .map(row -> "/v1/subscriptions/" + row.get("stripe_subscription_id"))
                .filter(path -> !List.of("canceled", "incomplete_expired")
                        .contains(StripeSandbox.request().get(path).jsonPath().getString("status")))
                .forEach(path -> StripeSandbox.request().delete(path).then().statusCode(200));
    }
}
