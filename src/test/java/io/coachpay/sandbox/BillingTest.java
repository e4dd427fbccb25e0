package io.coachpay.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A product with two monthly prices, and a customer who has a card. */
abstract class BillingTest extends SandboxTest {

    static final long HOUR = 60 * 60;
    static final long DAY = 24 * HOUR;

    String product;
    String basic;
    String pro;
    String customer;
    String card;

    @BeforeEach
    void sell() {
        product = stripe.post("/v1/products", "name", "Plan").id();
        basic = price(1000, "month");
        pro = price(3000, "month");
        customer = stripe.post("/v1/customers", "email", "alice@example.com", "name", "Alice").id();
        card = attach("pm_card_visa");
        makeDefault(card);
    }

    String price(long amount, String interval) {
        return stripe.post("/v1/prices", "product", product, "currency", "usd", "unit_amount", amount, "recurring[interval]",
                interval).id();
    }

    String attach(String name) {
        return stripe.post("/v1/payment_methods/" + name + "/attach", "customer", customer).id();
    }

    void makeDefault(String method) {
        stripe.post("/v1/customers/" + customer, "invoice_settings[default_payment_method]", method);
    }

    /** Subscribes the customer, with more parameters than the price if wanted. */
    StripeClient.Reply subscribe(String price, Object... more) {
        Object[] all = new Object[4 + more.length];
        System.arraycopy(new Object[] { "customer", customer, "items[0][price]", price }, 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        return stripe.post("/v1/subscriptions", all);
    }

    /** Changes the subscription to another price, billed at once. */
    StripeClient.Reply change(String subscription, String price, Object... more) {
        Object[] all = new Object[6 + more.length];
        System.arraycopy(new Object[] { "items[0][id]", item(subscription).getString("id"), "items[0][price]", price,
                "proration_behavior", "always_invoice" }, 0, all, 0, 6);
        System.arraycopy(more, 0, all, 6, more.length);
        return stripe.post("/v1/subscriptions/" + subscription, all);
    }

    JsonObject subscription(String id) {
        return stripe.get("/v1/subscriptions/" + id).json();
    }

    String status(String id) {
        return subscription(id).getString("status");
    }

    JsonObject item(String subscription) {
        return subscription(subscription).getJsonObject("items").getJsonArray("data").getJsonObject(0);
    }

    JsonObject invoice(String id) {
        return stripe.get("/v1/invoices/" + id + "?expand[]=payments&expand[]=confirmation_secret").json();
    }

    JsonObject latestInvoice(String subscription) {
        return invoice(subscription(subscription).getString("latest_invoice"));
    }

    String intent(JsonObject invoice) {
        return invoice.getJsonObject("payments").getJsonArray("data").getJsonObject(0).getJsonObject("payment")
                .getString("payment_intent");
    }

    JsonArray list(String path) {
        return stripe.get(path).json().getJsonArray("data");
    }

    /** Types of the events since the first of them all, oldest first. */
    List<String> events(String... prefixes) {
        List<String> types = new ArrayList<>(Json.objects(list("/v1/events?limit=100")).stream()
                .map(event -> event.getString("type")).filter(type -> List.of(prefixes).stream().anyMatch(type::startsWith))
                .toList());
        Collections.reverse(types);
        return types;
    }

    JsonObject lastEvent(String type) {
        return list("/v1/events?type=" + type).getJsonObject(0).getJsonObject("data");
    }

    long now() {
        return Instant.parse(stripe.get("/sandbox/clock").json().getString("now")).getEpochSecond();
    }

    void advanceTo(long second) {
        stripe.advance(Math.max(0, second - now()) + 1);
    }

    /** Lets the present period end, and the hour pass that its invoice is a draft. */
    void renew(String subscription) {
        advanceTo(item(subscription).getLong("current_period_end"));
        stripe.advance(HOUR);
    }
}
