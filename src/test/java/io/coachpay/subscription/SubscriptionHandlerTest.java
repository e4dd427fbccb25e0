package io.coachpay.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.coachpay.Json;
import io.coachpay.OwnerSql;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.inbox.Answers;
import io.coachpay.inbox.Event;
import io.coachpay.inbox.Fetch;
import io.coachpay.inbox.Fetched;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.SomeEvent;
import io.coachpay.inbox.Undecided;
import io.coachpay.journey.Marketplace;

/** Events about subscriptions, in whatever order they come. */
@ServiceTest
class SubscriptionHandlerTest {

    @Inject
    Undone undone;
    @Inject
    SubscriptionHandler handler;
    @Inject
    SubscriptionPageHandler pages;

    private UUID user;
    private UUID row;
    private UUID plan;
    private String sub;
    private Instant now;

    @BeforeEach
    void askForAPage() {
        now = undone.now();
        user = UUID.fromString(Person.called("sub-" + UUID.randomUUID()).id());
        plan = UUID.fromString(Marketplace.plan(Map.of()));
        row = UUID.randomUUID();
        sub = "sub_" + row.toString().replace("-", "");
    }

    @Test
    void mirrorsEachEventByOneVerb() {
        undone.run(() -> {
            insert(row, "requested");
            handler.apply(event("created", now, sub, row, "incomplete"), Fetched.nothing());
            assertThat(state(row)).isEqualTo("incomplete false");
            handler.apply(event("updated", now.plusSeconds(1), sub, row, "active"), Fetched.nothing());
            assertThat(state(row)).isEqualTo("active false");
            handler.apply(event("paused", now.plusSeconds(2), sub, row, "paused"), Fetched.nothing());
            assertThat(state(row)).isEqualTo("paused false");
            handler.apply(event("deleted", now.plusSeconds(3), sub, row, "canceled"), Fetched.nothing());

            assertThat(state(row)).isEqualTo("canceled false");
        });
    }

    @Test
    void changesNothingForAStaleEvent() {
        undone.run(() -> {
            insert(row, "requested");
            handler.apply(event("updated", now, sub, row, "active"), Fetched.nothing());

            handler.apply(event("created", now.minusSeconds(1), sub, row, "incomplete"), Fetched.nothing());

            assertThat(state(row)).isEqualTo("active false");
        });
    }

    /** Stripe sends created and updated in one second, and the webhooks change places. */
    @Test
    void looksAtStripeForAnEventOfTheSameSecond() {
        undone.run(() -> {
            insert(row, "requested");
            handler.apply(event("updated", now, sub, row, "active"), Fetched.nothing());
            Event created = event("created", now, sub, row, "incomplete");

            assertThatThrownBy(() -> handler.apply(created, Fetched.nothing())).isInstanceOf(Undecided.class);
            handler.apply(created, Answers.of(new Fetch("subscription", sub, null),
                    Json.read(json(sub, row, "past_due")), now.plus(Duration.ofMinutes(1))));

            assertThat(state(row)).isEqualTo("past_due false");
        });
    }

    @Test
    void believesAReadingWhereStripesClockIsAhead() {
        undone.run(() -> {
            insert(row, "requested");
            Instant ahead = now.plus(Duration.ofMinutes(2));
            handler.apply(event("updated", ahead, sub, row, "active"), Fetched.nothing());

            handler.apply(event("created", ahead, sub, row, "incomplete"), Answers.of(new Fetch("subscription", sub, null),
                    Json.read(json(sub, row, "past_due")), now.plus(Duration.ofMinutes(1))));

            assertThat(state(row)).isEqualTo("past_due false");
        });
    }

    /** A reading may carry a later second than the end that came before it. */
    @Test
    void believesAnEndAtAnyAge() {
        undone.run(() -> {
            insert(row, "requested");
            handler.apply(event("updated", now, sub, row, "active"), Fetched.nothing());

            handler.apply(event("deleted", now.minusSeconds(2), sub, row, "canceled"), Fetched.nothing());

            assertThat(state(row)).isEqualTo("canceled false");
        });
    }

    @Test
    void hasASubscriptionFetchedWhoseEventIsOfTheSecondOfTheLatestNews() {
        OwnerSql.run("""
                insert into subscriptions (id, user_id, plan_id, product_id, status, stripe_customer_id, stripe_price_id,
                  stripe_subscription_id, stripe_as_of, trial_days, success_url, cancel_url, page_expires_at)
                values (?, ?, ?, ?, 'active', 'cus_1', 'price_1', ?, ?::timestamptz, 0, '/', '/', now())""", row, user, plan,
                plan,
                sub, now.truncatedTo(ChronoUnit.SECONDS).toString());

        assertThat(handler.needs(event("created", now, sub, row, "incomplete")))
                .containsExactly(new Fetch("subscription", sub, null));
        assertThat(handler.needs(event("updated", now.plusSeconds(1), sub, row, "active"))).isEmpty();
        assertThat(handler.needs(event("updated", now.minusSeconds(1), sub, row, "active"))).isEmpty();
        assertThat(handler.needs(event("updated", now, sub + "2", row, "active"))).isEmpty();
    }

    /** Another event was applied between the request and its answer. */
    @Test
    void waitsWhereAnotherEventHasOvertakenTheReading() {
        undone.run(() -> {
            insert(row, "requested");
            handler.apply(event("updated", now, sub, row, "active"), Fetched.nothing());
            Fetched stale = Answers.of(new Fetch("subscription", sub, null), Json.read(json(sub, row, "incomplete")),
                    now.minusSeconds(60));

            assertThatThrownBy(() -> handler.apply(event("created", now, sub, row, "incomplete"), stale))
                    .isInstanceOf(Undecided.class);
            assertThat(state(row)).isEqualTo("active false");
        });
    }

    @Test
    void staysEnded() {
        undone.run(() -> {
            insert(row, "requested");
            handler.apply(event("deleted", now, sub, row, "canceled"), Fetched.nothing());

            handler.apply(event("created", now.minusSeconds(3), sub, row, "incomplete"), Fetched.nothing());
            handler.apply(event("updated", now, sub, row, "active"), Fetched.nothing());
            handler.apply(event("updated", now.plusSeconds(3), sub, row, "active"), Fetched.nothing());

            assertThat(state(row)).isEqualTo("canceled false");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = { "expired", "refused" })
    void recordsThatAPageWhichWasOverWasPaidAfterAll(String over) {
        undone.run(() -> {
            insert(row, over);

            handler.apply(event("created", now, sub, row, "active"), Fetched.nothing());

            assertThat(state(row)).isEqualTo("active false");
        });
    }

    @Test
    void cancelsTheLaterOfTwo() {
        undone.run(() -> {
            UUID late = UUID.randomUUID();
            insert(late, "expired");
            insert(row, "requested");
            handler.apply(event("created", now, sub, row, "active"), Fetched.nothing());

            handler.apply(event("created", now, sub + "2", late, "active"), Fetched.nothing());

            assertThat(state(row)).isEqualTo("active false");
            assertThat(state(late)).isEqualTo("active true");
            assertThat(due(late)).isEqualTo("true");
            handler.apply(event("deleted", now.plusSeconds(1), sub + "2", late, "canceled"), Fetched.nothing());
            assertThat(state(late)).isEqualTo("canceled true");
            assertThat(due(late)).isEqualTo("false");
        });
    }

    /** Its own events were lost: what was paid for it goes back all the same. */
    @Test
    void knowsTheLaterOfTwoThatHasEndedBeforeItIsSeen() {
        undone.run(() -> {
            UUID late = UUID.randomUUID();
            insert(late, "expired");
            insert(row, "requested");
            handler.apply(event("created", now, sub, row, "active"), Fetched.nothing());

            handler.apply(event("deleted", now.plusSeconds(9), sub + "2", late, "canceled"), Fetched.nothing());
            handler.apply(event("deleted", now.plusSeconds(9), sub + "3", row, "canceled"), Fetched.nothing());

            assertThat(state(row)).isEqualTo("active false");
            assertThat(state(late)).isEqualTo("canceled true");
            assertThat(due(late)).isEqualTo("false");
            assertThat(undone.texts("select status, is_surplus from subscriptions where stripe_subscription_id = ?", sub + "3"))
                    .containsExactly("canceled true");
        });
    }

    /** Nobody was charged twice. */
    @ParameterizedTest
    @CsvSource({ "requested, canceled", "incomplete, canceled", "active, incomplete_expired" })
    void leavesAloneWhatEndedBesideOneThatIsNotPaid(String other, String ended) {
        undone.run(() -> {
            UUID late = UUID.randomUUID();
            insert(late, "expired");
            insert(row, "requested");
            if (!other.equals("requested")) {
                handler.apply(event("created", now, sub, row, other), Fetched.nothing());
            }

            handler.apply(event("deleted", now.plusSeconds(9), sub + "2", late, ended), Fetched.nothing());

            assertThat(state(row)).isEqualTo(other + " false");
            assertThat(state(late)).isEqualTo(ended + " false");
        });
    }

    @ParameterizedTest
    @CsvSource({ "active, incomplete true, active false", "trialing, incomplete true, trialing false",
            "incomplete, incomplete false, incomplete true" })
    void prefersTheOneThatIsPaid(String later, String first, String second) {
        undone.run(() -> {
            UUID late = UUID.randomUUID();
            insert(late, "expired");
            insert(row, "requested");
            handler.apply(event("created", now, sub, row, "incomplete"), Fetched.nothing());

            handler.apply(event("created", now, sub + "2", late, later), Fetched.nothing());

            assertThat(state(row)).isEqualTo(first);
            assertThat(state(late)).isEqualTo(second);
            assertThat(due(first.endsWith("true") ? row : late)).as("it is ended at Stripe").isEqualTo("true");
        });
    }

    @Test
    void closesThePageOfOneThatIsNotPaidYet() {
        undone.run(() -> {
            UUID late = UUID.randomUUID();
            insert(row, "expired");
            insert(late, "requested");

            handler.apply(event("created", now, sub, row, "active"), Fetched.nothing());

            assertThat(state(row)).isEqualTo("active false");
            assertThat(state(late)).isEqualTo("expired false");
            assertThat(due(late)).isEqualTo("true");
        });
    }

    @Test
    void keepsARowForEachThatStripeMadeForOne() {
        undone.run(() -> {
            insert(row, "requested");
            handler.apply(event("created", now, sub, row, "active"), Fetched.nothing());

            handler.apply(event("created", now, sub + "2", row, "active"), Fetched.nothing());
            handler.apply(event("updated", now.plusSeconds(1), sub + "2", row, "past_due"), Fetched.nothing());

            assertThat(undone.texts("select status, is_surplus from subscriptions where user_id = ? order by is_surplus", user))
                    .containsExactly("active false", "past_due true");
        });
    }

    @Test
    void waitsForARowAndLeavesOthersAlone() {
        undone.run(() -> {
            assertThatThrownBy(() -> handler.apply(event("created", now, sub, row, "active"), Fetched.nothing()))
                    .isInstanceOf(MissingParent.class);
            assertThatThrownBy(() -> handler.apply(SomeEvent.platform("customer.subscription.created", now, """
                    {"id": "sub_others", "object": "subscription", "status": "active"}"""), Fetched.nothing()))
                    .isInstanceOf(MissingParent.class);
        });
    }

    /** The row is written before Stripe is asked: only a restored database has lost it. */
    @Test
    void makesALostRowAnew() {
        undone.run(() -> {
            String customer = "cus_" + sub.substring(4);
            undone.change("insert into stripe_customers (id, user_id, stripe_customer_id) values (?, ?, ?)", UUID.randomUUID(),
                    user, customer);
            undone.change(
                    "update subscription_plans set stripe_price_id = ?, stripe_product_id = 'prod_1', price_status = 'synced'"
                            + " where id = ?",
                    "price_" + sub.substring(4), plan);
            String theirs = json(sub, row, "active").replace("cus_1", customer).replace("price_dashboard",
                    "price_" + sub.substring(4));

            handler.apply(SomeEvent.platform("customer.subscription.updated", now, theirs), Fetched.nothing());

            assertThat(state(row)).isEqualTo("active false");
            assertThat(undone.texts("select user_id, plan_id from subscriptions where id = ?", row))
                    .containsExactly(user + " " + plan);
            handler.apply(SomeEvent.platform("customer.subscription.deleted", now.plusSeconds(1),
                    theirs.replace("active", "canceled")), Fetched.nothing());
            assertThat(state(row)).isEqualTo("canceled false");
        });
    }

    @Test
    void knowsNoPlanOfAnotherPrice() {
        undone.run(() -> {
            insert(row, "requested");

            handler.apply(event("created", now, sub, row, "active"), Fetched.nothing());

            assertThat(undone.texts("select plan_id is null, stripe_price_id from subscriptions where id = ?", row))
                    .containsExactly("true price_dashboard");
        });
    }

    @Test
    void endsWithItsPage() {
        undone.run(() -> {
            insert(row, "requested");
            String page = "cs_test_" + row.toString().replace("-", "");
            String body = """
                    {"id": "%s", "object": "checkout.session", "mode": "subscription", "status": "expired",
                     "metadata": {"coachpay_id": "%s"}}""".formatted(page, row);

            pages.apply(SomeEvent.platform("checkout.session.expired", now, body), Fetched.nothing());
            assertThat(state(row)).isEqualTo("expired false");
            assertThat(due(row)).isEqualTo("false");
            pages.apply(SomeEvent.platform("checkout.session.expired", now, body), Fetched.nothing());
            assertThatThrownBy(() -> pages.apply(SomeEvent.platform("checkout.session.expired", now,
                    body.replace(row.toString(), UUID.randomUUID().toString())), Fetched.nothing()))
                    .isInstanceOf(MissingParent.class);
        });
    }

    /** Else each paid page would be applied alone, and other pages would begin subscriptions. */
    @Test
    void leavesOtherPagesToTheirHandlers() {
        String body = """
                {"id": "cs_test_1", "object": "checkout.session", "mode": "%s", "metadata": {"coachpay_id": "%s"}}""";

        assertThat(pages.takes(SomeEvent.platform("checkout.session.completed", now, body.formatted("subscription", row))))
                .isTrue();
        assertThat(pages.takes(SomeEvent.platform("checkout.session.completed", now, body.formatted("payment", row))))
                .isFalse();
        assertThat(pages.takes(SomeEvent.platform("checkout.session.completed", now, body.formatted("setup", row)))).isFalse();
    }

    @Test
    void beginsWithItsPage() {
        undone.run(() -> {
            insert(row, "requested");
            Event completed = SomeEvent.platform("checkout.session.completed", now, """
                    {"id": "cs_test_1", "object": "checkout.session", "mode": "subscription", "status": "complete",
                     "subscription": "%s", "metadata": {"coachpay_id": "%s"}}""".formatted(sub, row));
            Fetch begun = new Fetch("subscription", sub, null);

            assertThat(pages.needs(completed)).containsExactly(begun);
            assertThatThrownBy(() -> pages.apply(completed, Answers.of(begun, null, now))).isInstanceOf(MissingParent.class);
            pages.apply(completed, Answers.of(begun, Json.read(json(sub, row, "trialing")), now));

            assertThat(state(row)).isEqualTo("trialing false");
        });
    }

    private void insert(UUID id, String status) {
        undone.change("""
                insert into subscriptions (id, user_id, plan_id, product_id, status, stripe_customer_id, stripe_price_id,
                  trial_days, success_url, cancel_url, page_expires_at)
                values (?, ?, ?, ?, ?, 'cus_1', 'price_1', 0, '/', '/', now())""", id, user, plan, plan, status);
    }

    private static Event event(String what, Instant at, String stripeId, UUID row, String status) {
        return SomeEvent.platform("customer.subscription." + what, at, json(stripeId, row, status));
    }

    private static String json(String stripeId, UUID row, String status) {
        return """
                {"id": "%s", "object": "subscription", "status": "%s", "customer": "cus_1", "items": {"data": [
                  {"price": {"id": "price_dashboard"}, "current_period_start": 1, "current_period_end": 2}]},
                 "metadata": {"coachpay_id": "%s"}}""".formatted(stripeId, status, row);
    }

    private String state(UUID id) {
        return undone.texts("select status, is_surplus from subscriptions where id = ?", id).get(0);
    }

    private String due(UUID id) {
        return undone.texts("select check_at is not null from subscriptions where id = ?", id).get(0);
    }
}
