package io.coachpay.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.coachpay.Json;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.access.JoiningAccess;
import io.coachpay.inbox.Attempts;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.inbox.Undecided;
import io.coachpay.journey.Marketplace;
import io.coachpay.subscription.JoiningSubscriptions;
import io.quarkus.arc.All;
import io.quarkus.security.identity.SecurityIdentity;

/** The events of a renewal, which come in any order and more than once: the rows are the same in the end. */
@ServiceTest
class RenewalEventsTest {

    private static final long SEED = 20_261_130;
    private static final int RANDOM_ORDERS = 300;
    private static final int MOST_ATTEMPTS = 50;

    private static final String NO_IDS_AND_NO_TIMES_OF_LOOKING = """
            - array['id', 'invoice_id', 'transaction_id', 'created_at', 'updated_at', 'stripe_as_of', 'stripe_told_at', 'check_at',
                    'addresses_as_of']""";

    @Inject
    Undone undone;
    @Inject
    Clock clock;
    @Inject
    @All
    List<EventHandler> all;
    @Inject
    InvoiceBooks books;
    @Inject
    JoiningSubscriptions subscriptions;
    @Inject
    SecurityIdentity nobody;

    private UUID user;
    private UUID plan;
    private UUID row;
    private String mark;
    private Instant renewed;
    private Instant charged;
    private Attempts attempts;
    private List<Event> events;
    private boolean inSeries;

    @BeforeEach
    void renew() {
        user = UUID.fromString(Person.called("renewed").id());
        plan = UUID.fromString(Marketplace.plan(Map.of()));
        row = UUID.randomUUID();
        mark = row.toString().replace("-", "");
        renewed = undone.now().minus(Duration.ofHours(2));
        charged = renewed.plus(Duration.ofHours(1));
        attempts = new Attempts(joining());
        events = List.of(SomeEvent.platform("customer.subscription.updated", renewed, subscription()),
                SomeEvent.platform("invoice.created", renewed, invoice("draft")),
                SomeEvent.platform("invoice.finalized", charged, invoice("open")),
                SomeEvent.platform("charge.succeeded", charged, charge()),
                SomeEvent.platform("payment_intent.succeeded", charged, intent("\"ch_" + mark + "\"")),
                SomeEvent.platform("invoice_payment.paid", charged,
                        payment("\"in_" + mark + "\"", "\"pi_" + mark + "\"")),
                SomeEvent.platform("invoice.paid", charged, invoice("paid")));
    }

    @Test
    void endsInTheSameRowsInAnyOrder() {
        List<String> expected = rowsAfter(events);
        assertThat(expected).hasSize(7).anyMatch(told -> told.startsWith("invoice ") && told.contains("\"status\": \"paid\""))
                .contains("entry subscription_paid external -19", "entry subscription_paid platform_revenue 19");

        for (List<Event> order : orders()) {
            assertThat(rowsAfter(order)).as(() -> types(order)).isEqualTo(expected);
        }
    }

    @Test
    void endsInTheSameRowsInSeries() {
        List<String> expected = rowsAfter(events);
        inSeries = true;

        for (List<Event> order : orders().subList(0, 60)) {
            assertThat(rowsAfter(order)).as(() -> types(order)).isEqualTo(expected);
        }
    }

    /** However many are looked at before the first is applied. */
    @Test
    void fetchesOnlyItsPayment() {
        List<Event> all = new ArrayList<>(events);
        all.add(SomeEvent.platform("invoice.updated", charged, invoice("paid")));
        all.add(SomeEvent.platform("charge.updated", charged, charge()));

        undone.run(() -> {
            insert();
            assertThat(fetching(all)).containsExactly("invoice_payment.paid");

            attempts.make(events.get(events.size() - 1), this::asOfTheEnd, clock.instant());
            assertThat(fetching(all)).as("once the invoice is paid here").containsExactly("invoice_payment.paid");
        });
    }

    private List<String> fetching(List<Event> all) {
        return all.stream().filter(event -> !attempts.wanted(event).isEmpty()).map(Event::type).toList();
    }

    @Test
    void endsInTheSameRowsWhenEachComesTwice() {
        List<String> expected = rowsAfter(events);
        List<List<Event>> orders = orders();

        for (int i = 0; i < 40; i++) {
            List<Event> first = orders.get(i);
            List<Event> second = orders.get(orders.size() - 1 - i);
            List<Event> eachAtOnce = first.stream().flatMap(event -> Stream.of(event, event)).toList();
            List<Event> allAgain = Stream.concat(first.stream(), second.stream()).toList();
            assertThat(rowsAfter(eachAtOnce)).as(() -> types(eachAtOnce)).isEqualTo(expected);
            assertThat(rowsAfter(allAgain)).as(() -> types(allAgain)).isEqualTo(expected);
        }
    }

    /** Each event first, each last, each before each other, and some hundreds of all orders. */
    private List<List<Event>> orders() {
        List<List<Event>> orders = new ArrayList<>();
        List<Event> backwards = new ArrayList<>(events);
        Collections.reverse(backwards);
        for (int first = 0; first < events.size(); first++) {
            orders.add(from(events, first));
            orders.add(from(backwards, first));
        }
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_ORDERS; i++) {
            List<Event> order = new ArrayList<>(events);
            Collections.shuffle(order, random);
            orders.add(order);
        }
        return orders;
    }

    private static List<Event> from(List<Event> events, int first) {
        return IntStream.range(0, events.size()).mapToObj(i -> events.get((first + i) % events.size())).toList();
    }

    /** Applies events in this order, each that misses something again after the others, and tells the rows. */
    private List<String> rowsAfter(List<Event> order) {
        List<String> rows = new ArrayList<>();
        undone.run(() -> {
            insert();
            Deque<Event> waiting = new ArrayDeque<>(order);
            for (int attempt = 0; !waiting.isEmpty(); attempt++) {
                assertThat(attempt).as(() -> "attempts at " + types(order)).isLessThan(MOST_ATTEMPTS);
                Event event = waiting.remove();
                if (!isApplied(event)) {
                    waiting.add(event);
                }
            }
            undone.run("set constraints all immediate");
            rows.addAll(rows());
        });
        return rows;
    }

    /** In a series where that is possible, or else alone. */
    private boolean isApplied(Event event) {
        return inSeries && isDone(() -> attempts.makeInSeries(event)) || isDone(() -> {
            attempts.make(event, this::asOfTheEnd, clock.instant());
            return true;
        });
    }

    private boolean isDone(BooleanSupplier attempt) {
        undone.change("savepoint attempt");
        try {
            boolean done = attempt.getAsBoolean();
            undone.change("release savepoint attempt");
            return done;
        } catch (MissingParent | Undecided missing) {
            undone.change("rollback to savepoint attempt");
            return false;
        }
    }

    private List<String> rows() {
        return Stream.of(
                undone.texts("select 'subscription', to_jsonb(t)" + NO_IDS_AND_NO_TIMES_OF_LOOKING
                        + " from subscriptions t where user_id = ?", user),
                undone.texts("select 'invoice', to_jsonb(t)" + NO_IDS_AND_NO_TIMES_OF_LOOKING
                        + " from invoices t where user_id = ?", user),
                undone.texts("select 'line', to_jsonb(t)" + NO_IDS_AND_NO_TIMES_OF_LOOKING
                        + " from invoice_lines t join invoices i on i.id = t.invoice_id where i.user_id = ? order by position",
                        user),
                undone.texts("select 'payment', to_jsonb(t)" + NO_IDS_AND_NO_TIMES_OF_LOOKING
                        + " from invoice_payments t join invoices i on i.id = t.invoice_id where i.user_id = ?", user),
                undone.texts("select 'transaction', to_jsonb(t)" + NO_IDS_AND_NO_TIMES_OF_LOOKING
                        + " from transactions t where payer_id = ?", user),
                undone.texts(
                        """
                                select 'entry', j.kind, a.kind, e.amount from ledger_entries e join ledger_journals j on j.id = e.journal_id
                                  join ledger_accounts a on a.id = e.account_id join transactions t on t.id = j.transaction_id
                                 where t.payer_id = ? order by a.kind""",
                        user))
                .flatMap(List::stream).toList();
    }

    private static String types(List<Event> order) {
        return order.stream().map(Event::type).toList().toString();
    }

    /** The handlers of the service, those that ask the database before they apply joining this database transaction. */
    private List<EventHandler> joining() {
        JoiningAccess access = new JoiningAccess(nobody);
        List<EventHandler> joining = new ArrayList<>(List.of(new InvoiceHandler(access, books),
                new InvoicePaymentHandler(access, books), subscriptions.handler(access)));
        List<String> types = List.of("payment_intent.succeeded", "charge.succeeded", "charge.updated");
        all.stream().filter(handler -> !(handler instanceof InvoicePaymentHandler)
                && handler.types().stream().anyMatch(types::contains)).forEach(joining::add);
        return joining;
    }

    private void insert() {
        undone.change("insert into stripe_customers (id, user_id, stripe_customer_id) values (?, ?, ?)", row, user,
                "cus_" + mark);
        undone.change("""
                insert into subscriptions (id, user_id, plan_id, product_id, status, stripe_customer_id, stripe_price_id,
                  stripe_subscription_id, stripe_as_of, trial_days, success_url, cancel_url, page_expires_at)
                values (?, ?, ?, ?, 'active', ?, 'price_1', ?, ?::timestamptz, 0, '/', '/', ?::timestamptz)""", row, user, plan,
                plan, "cus_" + mark, "sub_" + mark, renewed.minus(Duration.ofDays(30)).toString(), renewed.toString());
    }

    /** Stripe's answers once all of it has happened. */
    private JsonNode asOfTheEnd(Fetch fetch) {
        return Json.read(switch (fetch.type()) {
            case "invoice" -> invoice("paid");
            case "subscription" -> subscription();
            default -> "{\"object\": \"list\", \"has_more\": false, \"data\": ["
                    + payment(invoice("paid"), intent(charge())) + "]}";
        });
    }

    private String subscription() {
        return """
                {"id": "sub_%1$s", "object": "subscription", "status": "active", "customer": "cus_%1$s",
                 "items": {"data": [{"id": "si_%1$s", "price": {"id": "price_1"}, "current_period_start": %2$d,
                                     "current_period_end": %3$d}]},
                 "latest_invoice": "in_%1$s", "metadata": {"coachpay_id": "%4$s"}}""".formatted(mark,
                renewed.getEpochSecond(), renewed.plus(Duration.ofDays(30)).getEpochSecond(), row);
    }

    private String invoice(String status) {
        boolean draft = status.equals("draft");
        boolean paid = status.equals("paid");
        return """
                {"id": "in_%1$s", "object": "invoice", "status": "%2$s", "customer": "cus_%1$s", "currency": "usd",
                 "parent": {"subscription_details": {"subscription": "sub_%1$s", "metadata": {"coachpay_id": "%3$s"}}},
                 "billing_reason": "subscription_cycle", "number": %4$s, "subtotal": 1900, "total": 1900, "amount_due": 1900,
                 "amount_paid": %5$d, "amount_remaining": %6$d, "attempt_count": %7$d, "next_payment_attempt": %8$s,
                 "period_start": %9$d, "period_end": %10$d,
                 "status_transitions": {"finalized_at": %11$s, "paid_at": %12$s}, "hosted_invoice_url": %13$s,
                 "lines": {"object": "list", "has_more": false, "data": [
                   {"id": "il_%1$s", "description": "1 × Professional", "amount": 1900, "currency": "usd", "quantity": 1,
                    "period": {"start": %10$d, "end": %14$d}, "pricing": {"price_details": {"price": "price_1"}}}]},
                 "metadata": {}, "created": %10$d}""".formatted(mark, status, row, draft ? "null" : "\"C-0002\"",
                paid ? 1900 : 0, paid ? 0 : 1900, paid ? 1 : 0, paid ? "null" : charged.getEpochSecond(),
                renewed.minus(Duration.ofDays(30)).getEpochSecond(), renewed.getEpochSecond(),
                draft ? "null" : charged.getEpochSecond(), paid ? charged.getEpochSecond() : "null",
                draft ? "null" : "\"https://invoice.stripe.example/" + mark + "\"",
                renewed.plus(Duration.ofDays(30)).getEpochSecond());
    }

    /** With its invoice and its PaymentIntent either named or sent along. */
    private String payment(String invoice, String intent) {
        return """
                {"id": "inpay_%1$s", "object": "invoice_payment", "status": "paid", "amount_paid": 1900,
                 "amount_requested": 1900, "currency": "usd", "invoice": %2$s, "is_default": true,
                 "payment": {"type": "payment_intent", "payment_intent": %3$s},
                 "status_transitions": {"paid_at": %4$d}, "created": %4$d}""".formatted(mark, invoice, intent,
                charged.getEpochSecond());
    }

    private String intent(String charge) {
        return """
                {"id": "pi_%1$s", "object": "payment_intent", "status": "succeeded", "amount": 1900, "amount_received": 1900,
                 "currency": "usd", "customer": "cus_%1$s", "latest_charge": %2$s, "payment_method": "pm_%1$s",
                 "payment_method_types": ["card"], "metadata": {}, "created": %3$d}""".formatted(mark, charge,
                charged.getEpochSecond());
    }

    private String charge() {
        return """
                {"id": "ch_%1$s", "object": "charge", "status": "succeeded", "paid": true, "captured": true, "amount": 1900,
                 "amount_captured": 1900, "amount_refunded": 0, "currency": "usd", "customer": "cus_%1$s",
                 "payment_intent": "pi_%1$s", "balance_transaction": "txn_%1$s", "payment_method": "pm_%1$s",
                 "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242", "exp_month": 12,
                                                                     "exp_year": 2040}},
                 "metadata": {}, "created": %2$d}""".formatted(mark, charged.getEpochSecond());
    }
}
