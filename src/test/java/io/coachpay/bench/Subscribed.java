package io.coachpay.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.packaged.Issuer;
import io.coachpay.simulation.Http;
import io.coachpay.simulation.Reply;

/**
 * A subscription that the service began at the sandbox, and all events of its first renewal there: what the other subscriptions
 * of the benchmark are copies of. A copy's ids are the original's with the copy's number behind them.
 */
final class Subscribed {

    private static final Duration MONTH = Duration.ofDays(31).plusHours(3);
    private static final String COPY = "x";
    /** Stripe's ids of what each copy has of its own. */
    private static final Pattern IDS = Pattern.compile("\\b(?:cus|sub|si|in|il|inpay|pi|ch|txn|evt|req|py)_[A-Za-z0-9]{14,}");
    private static final Pattern SECONDS = Pattern.compile("(?<=[:\\[ ])\\d{10}(?=[,}\\] ])");
    private static final String PEOPLE = """
            insert into users (id, oidc_subject) select ('00000000-0000-7000-c000-' || lpad(to_hex(n), 12, '0'))::uuid, 'subscriber-' || n
              from generate_series(%1$d, %2$d) n""";
    private static final String CUSTOMERS = """
            insert into stripe_customers (id, user_id, stripe_customer_id, sync_status)
            select ('00000000-0000-7000-d000-' || lpad(to_hex(n), 12, '0'))::uuid,
                   ('00000000-0000-7000-c000-' || lpad(to_hex(n), 12, '0'))::uuid, '%3$s%4$s' || n, 'synced'
              from generate_series(%1$d, %2$d) n""";
    private static final String SUBSCRIPTIONS = """
            insert into subscriptions (id, user_id, plan_id, product_id, status, stripe_customer_id, stripe_price_id,
              stripe_subscription_id, trial_days, is_direct, payment_method, current_period_start, current_period_end)
            select ('00000000-0000-7000-b000-' || lpad(to_hex(n), 12, '0'))::uuid,
                   ('00000000-0000-7000-c000-' || lpad(to_hex(n), 12, '0'))::uuid, s.plan_id, s.product_id, s.status,
                   '%3$s%4$s' || n, s.stripe_price_id, s.stripe_subscription_id || '%4$s' || n, 0, s.is_direct, s.payment_method,
                   s.current_period_start - interval '31 days', s.current_period_end - interval '31 days'
              from subscriptions s, generate_series(%1$d, %2$d) n where s.stripe_customer_id = '%3$s' order by n""";

    private final String customer;
    private final String subscriptionRow;
    private final List<String> events;
    private final String paymentIntent;
    private final String payments;

    private Subscribed(String customer, String subscriptionRow, List<String> events, String paymentIntent, String payments) {
        this.customer = customer;
        this.subscriptionRow = subscriptionRow;
        this.events = events;
        this.paymentIntent = paymentIntent;
        this.payments = payments;
    }

    /** Has somebody subscribe at this service, and a month pass at the sandbox. */
    static Subscribed make(URI service, Issuer issuer, URI sandbox) throws Exception {
        Http administrator = new Http(service, "Bearer " + issuer.token("administrator", "admin"));
        Http person = new Http(service, "Bearer " + issuer.token("subscriber"));
        Http stripe = Http.of(sandbox, "sk_test_package");
        String plan = require(administrator.json("POST", "/v1/admin/plans", Map.of("name", "Plan", "audience", "user", "amount",
                Map.of("amount", "19.00", "currency", "USD"), "interval", "month", "tier", "pro"))).text("id");
        Reply begun = require(person.json("POST", "/v1/me/payment-methods/setup", Map.of("ui", "elements")));
        String setup = begun.text("clientSecret").replaceAll("_secret_.*", "");
        require(stripe.form("/v1/setup_intents/" + setup + "/confirm", "payment_method=pm_card_visa", Map.of()));
        require(person.get("/v1/me/payment-methods/setup/" + begun.text("setupId")));
        String method = require(person.get("/v1/me/payment-methods")).body().path(0).path("id").asText();
        String row = require(person.json("POST", "/v1/me/subscription", Map.of("planId", plan, "paymentMethodId", method)))
                .text("id");
        String customer = require(stripe.get("/v1/setup_intents/" + setup)).text("customer");

        List<JsonNode> before = events(stripe);
        long from = before.get(before.size() - 1).path("created").asLong();
        require(stripe.json("POST", "/sandbox/clock/advance", Map.of("seconds", MONTH.toSeconds())));
        List<JsonNode> renewal = events(stripe);
        renewal.removeAll(before);
        long last = renewal.get(renewal.size() - 1).path("created").asLong();
        long late = last - from;
        String intent = renewal.stream().filter(event -> event.path("type").asText().equals("payment_intent.succeeded"))
                .map(event -> event.path("data").path("object").path("id").asText()).findFirst().orElseThrow();
        String paid = require(stripe.get("/v1/invoice_payments?payment[type]=payment_intent&payment[payment_intent]=" + intent
                + "&limit=100&expand[]=data.payment.payment_intent.latest_charge&expand[]=data.invoice")).body().toString();
        return new Subscribed(customer, row, renewal.stream().map(event -> earlier(event.toString(), late)).toList(), intent,
                earlier(paid, late));
    }

    /** All events of the platform, oldest first. */
    private static List<JsonNode> events(Http stripe) {
        List<JsonNode> events = new ArrayList<>();
        String after = "";
        boolean more = true;
        while (more) {
            JsonNode page = require(stripe.get("/v1/events?limit=100" + after)).body();
            page.path("data").forEach(events::add);
            after = "&starting_after=" + events.get(events.size() - 1).path("id").asText();
            more = page.path("has_more").asBoolean();
        }
        Collections.reverse(events);
        return events;
    }

    private static Reply require(Reply reply) {
        if (!reply.ok()) {
            throw new IllegalStateException("An answer is " + reply.brief() + ": " + reply.body());
        }
        return reply;
    }

    /** The text with its times as much earlier as the sandbox's clock is ahead. */
    private static String earlier(String json, long seconds) {
        return SECONDS.matcher(json).replaceAll(time -> String.valueOf(Long.parseLong(time.group()) - seconds));
    }

    /** Events of a renewal. */
    int size() {
        return events.size();
    }

    /** The requests that deliver the events of a copy's renewal, in the order in which they happened. */
    List<byte[]> deliveries(int copy) {
        return events.stream().map(event -> Deliveries.signed(of(copy, event))).toList();
    }

    /** The copy's PaymentIntent, {@code pi_…}. */
    String paymentIntent(int copy) {
        return paymentIntent + COPY + copy;
    }

    /** Stripe's answer about the payments by that PaymentIntent. */
    byte[] payments(int copy) {
        return of(copy, payments).getBytes(StandardCharsets.UTF_8);
    }

    private String of(int copy, String json) {
        return IDS.matcher(json).replaceAll(id -> id.group() + COPY + copy).replace(subscriptionRow,
                new UUID(0x7000L, 0xb000_0000_0000_0000L | copy).toString());
    }

    /** Writes the subscriptions of these copies, each with a person of its own, as they were before the renewal. */
    void write(Connection owner, int first, int last) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            for (String step : List.of(PEOPLE, CUSTOMERS, SUBSCRIPTIONS)) {
                statement.execute(step.formatted(first, last, customer, COPY));
            }
            statement.execute("analyze users, stripe_customers, subscriptions");
        }
    }
}
