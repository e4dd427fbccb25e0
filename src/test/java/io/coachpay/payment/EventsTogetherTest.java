package io.coachpay.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.coachpay.ServiceTest;
import io.coachpay.SoldSession;
import io.coachpay.Undone;
import io.coachpay.access.ChangedRows;
import io.coachpay.access.Rows.Column;
import io.coachpay.inbox.Endpoint;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.EventHandler;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.inbox.Subject;
import io.coachpay.ledger.LastJournals;
import io.quarkus.arc.All;

/** Events have the same effects, applied together or one by one: in every row, whatever happened in whatever order. */
@ServiceTest
class EventsTogetherTest {

    private static final int PAYMENTS = 8;
    private static final int EVENTS = 60;

    @Inject
    Undone undone;
    @Inject
    @All
    List<EventHandler> handlers;
    @Inject
    Purchases purchases;
    @Inject
    ChangedRows changed;
    @Inject
    LastJournals journals;
    @Inject
    TransactionBooks books;
    @Inject
    EntityManager entities;

    private final List<SoldSession> sold = new ArrayList<>();
    private final List<UUID> payments = new ArrayList<>();
    private PaymentSubjects subjects;
    private Instant now;

    static Stream<Long> seeds() {
        return IntStream.range(0, 25).mapToObj(i -> (long) i);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void haveTheSameEffectsBothWays(long seed) {
        story(() -> {
            Random random = new Random(seed);
            List<Event> events = IntStream.range(0, EVENTS).mapToObj(i -> some(random)).toList();
            undone.run("savepoint both_ways");

            List<Event> order = together(events, random);
            List<String> together = rows();
            entities.clear();
            undone.run("rollback to savepoint both_ways");
            order.forEach(this::alone);

            assertThat(together).isEqualTo(rows());
        });
    }

    /** Each table that a payment's success changes is written before the flush, which would write one row at a time. */
    @Test
    void writesEachTableByOneStatement() {
        story(() -> {
            List<Event> paid = IntStream.range(0, PAYMENTS).mapToObj(i -> intent(i, "succeeded", 12_500, now)).toList();
            List<Event> left = IntStream.range(0, PAYMENTS).mapToObj(i -> page(i, now)).toList();
            subjects.lock(subjectsOf(paid));
            paid.forEach(this::apply);
            left.forEach(this::apply);

            changed.write();

            assertThat(undone.rows().query("""
                    select t.status || ' ' || s.status || ' ' || v.status as states from transactions t
                      join sessions s on s.id = t.session_id join checkout_sessions v on v.transaction_id = t.id
                     where t.id = any (?)""", row -> row.getString("states"), new Column("uuid", payments)))
                    .hasSize(PAYMENTS).containsOnly("completed confirmed complete");
        });
    }

    private void story(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            subjects = new PaymentSubjects(undone.database(), purchases, changed, journals);
            for (int i = 0; i < PAYMENTS; i++) {
                SoldSession one = SoldSession.unpaid(undone);
                sold.add(one);
                Transaction payment = books.begin(one.order(), PaymentAttempt.Method.CHECKOUT, one.customer, null,
                        new TransactionBooks.ReturnUrls("https://example.com/paid", "https://example.com/left"));
                payment.atStripe().linkPaymentIntent(one.intent);
                payments.add(payment.id());
            }
            entities.flush();
            entities.clear();
            story.run();
        });
    }

    // ---- both ways

    /** Applies bunches of random sizes, and alone what is not ordinary, as the inbox does; returns the order that it took. */
    private List<Event> together(List<Event> events, Random random) {
        List<Event> order = new ArrayList<>();
        int from = 0;
        while (from < events.size()) {
            int to = Math.min(events.size(), from + 1 + random.nextInt(30));
            List<Event> some = events.subList(from, to).stream().sorted(Comparator.comparing(Event::created)).toList();
            Set<Subject> ordinary = subjects.ordinary(subjectsOf(some));
            List<Event> bunch = some.stream().filter(event -> ordinary.contains(subject(event))).toList();
            if (!bunch.isEmpty()) {
                subjects.lock(subjectsOf(bunch));
                bunch.forEach(this::apply);
                subjects.write();
                order.addAll(bunch);
            }
            some.stream().filter(event -> !bunch.contains(event)).forEach(event -> {
                alone(event);
                order.add(event);
            });
            entities.clear();
            from = to;
        }
        return order;
    }

    private void alone(Event event) {
        apply(event);
        entities.flush();
        entities.clear();
    }

    private void apply(Event event) {
        handler(event).apply(event, Fetched.nothing());
    }

    private Set<Subject> subjectsOf(List<Event> events) {
        Set<Subject> all = new HashSet<>();
        events.forEach(event -> all.add(subject(event)));
        return all;
    }

    private Subject subject(Event event) {
        return handler(event).subject(event).orElseThrow();
    }

    /** The one that takes it: those of subscriptions and invoices leave payments alone. */
    private EventHandler handler(Event event) {
        return handlers.stream().filter(handler -> handler.types().contains(event.type())
                && handler.endpoints().contains(Endpoint.PLATFORM)
                && handler.takes(event)).findFirst().orElseThrow();
    }

    /** All that events may change, but for times and ids that are made on the way. */
    private List<String> rows() {
        List<String> rows = new ArrayList<>();
        String no = " - array['updated_at', 'check_at', 'late_at', 'held_at', 'created_at', 'id', 'transaction_id']";
        for (String query : List.of(
                "select (to_jsonb(t)" + no + ")::text, check_at is null, late_at is null, held_at is null"
                        + " from transactions t where session_id = any (?) order by stripe_payment_intent_id",
                "select id, (to_jsonb(s)" + no + ")::text from sessions s where id = any (?) order by id",
                "select (to_jsonb(v)" + no + ")::text from checkout_sessions v where session_id = any (?) order by id",
                "select t.stripe_payment_intent_id, (to_jsonb(l)" + no
                        + ")::text from payment_logs l join transactions t on t.id = l.transaction_id"
                        + " where t.session_id = any (?) order by t.stripe_payment_intent_id, l.id",
                "select t.stripe_payment_intent_id, (to_jsonb(r)" + no
                        + ")::text from transfers r join transactions t on t.id = r.transaction_id"
                        + " where t.session_id = any (?) order by r.stripe_transfer_id",
                "select r.amount, r.status, r.reason from refunds r join transactions t on t.id = r.transaction_id"
                        + " where t.session_id = any (?) order by t.stripe_payment_intent_id, r.id",
                "select j.kind, j.reference, e.amount, a.kind, e.balance_after from ledger_journals j"
                        + " join ledger_entries e on e.journal_id = j.id join ledger_accounts a on a.id = e.account_id"
                        + " join transactions t on t.id = j.transaction_id where t.session_id = any (?)"
                        + " order by j.reference, a.kind, e.amount",
                "select p.pending_balance, p.available_balance, p.total_earnings from coach_profiles p"
                        + " join sessions s on s.coach_id = p.user_id where s.id = any (?) order by s.id")) {
            rows.addAll(undone.texts(query, new Column("uuid", sold.stream().map(one -> one.session).toList())));
        }
        return rows;
    }

    // ---- events

    private Event some(Random random) {
        int of = random.nextInt(PAYMENTS);
        Instant at = now.plusSeconds(random.nextInt(40) - 20);
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> intent(of, "succeeded", 12_500, at);
            case 3 -> intent(of, "succeeded", random.nextInt(4) == 0 ? 12_000 : 12_500, at);
            case 4 -> intent(of, "processing", 12_500, at);
            case 5 -> intent(of, "requires_payment_method", 12_500, at);
            case 6 -> intent(of, random.nextInt(3) == 0 ? "canceled" : "succeeded", 12_500, at);
            case 7 -> second(of, at);
            case 8 -> charge(of, "charge.succeeded", at);
            case 9 -> charge(of, "charge.updated", at);
            case 10 -> transfer(of, at);
            default -> page(of, at);
        };
    }

    private Event intent(int of, String status, long amount, Instant at) {
        return intent(of, sold.get(of).intent, status, amount, at);
    }

    /** Another PaymentIntent in the name of the same payment. */
    private Event second(int of, Instant at) {
        return intent(of, sold.get(of).stripeId("pi", "second"), "succeeded", 12_500, at);
    }

    private Event intent(int of, String id, String status, long amount, Instant at) {
        String type = switch (status) {
            case "requires_payment_method" -> "payment_intent.payment_failed";
            default -> "payment_intent." + status;
        };
        return SomeEvent.platform(type, at,
                """
                        {"id": "%s", "object": "payment_intent", "status": "%s", "amount": %3$d, "amount_received": %3$d, "currency": "usd",
                         "application_fee_amount": 2500, "transfer_data": {"destination": "%4$s"}, "latest_charge": "%5$s",
                         "last_payment_error": {"code": "card_declined", "decline_code": "generic_decline", "message": "Declined"},
                         "metadata": {"coachpay_id": "%6$s"}, "created": 1}"""
                        .formatted(id, status, amount, sold.get(of).account,
                                id.replace("pi_", "ch_"), payments.get(of)));
    }

    private Event charge(int of, String type, Instant at) {
        SoldSession its = sold.get(of);
        return SomeEvent.platform(type, at, """
                {"id": "%s", "object": "charge", "status": "succeeded", "amount": 12500, "currency": "usd",
                 "payment_intent": "%s", "transfer": "%s", "application_fee": "%s", "payment_method_details": {"type": "card"},
                 "metadata": {"coachpay_id": "%s"}, "created": 1}""".formatted(its.charge, its.intent, its.transfer, its.fee,
                payments.get(of)));
    }

    private Event transfer(int of, Instant at) {
        SoldSession its = sold.get(of);
        return SomeEvent.platform("transfer.created", at, """
                {"id": "%s", "object": "transfer", "amount": 12500, "currency": "usd", "destination": "%s",
                 "source_transaction": "%s", "transfer_group": "%s", "created": 1}""".formatted(its.transfer, its.account,
                its.charge, payments.get(of)));
    }

    private Event page(int of, Instant at) {
        SoldSession its = sold.get(of);
        return SomeEvent.platform("checkout.session.completed", at,
                """
                        {"id": "%s", "object": "checkout.session", "status": "complete", "mode": "payment", "payment_intent": "%s",
                         "currency": "usd", "metadata": {"coachpay_id": "%s"}, "created": 1}"""
                        .formatted(its.stripeId("cs"), its.intent,
                                payments.get(of)));
    }
}
