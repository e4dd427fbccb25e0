package io.coachpay.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

/** Events about a customer whose latest news is of this second. */
@ServiceTest
class CustomerHandlerTest {

    @Inject
    Undone undone;
    @Inject
    CustomerHandler handler;

    private UUID row;
    private String customer;
    private Instant now;

    /** A synced customer, about which no job has anything to do. */
    @BeforeEach
    void makeACustomer() {
        now = undone.now();
        row = UUID.randomUUID();
        customer = "cus_" + row.toString().replace("-", "");
        OwnerSql.run("""
                insert into stripe_customers (id, user_id, stripe_customer_id, customer_email, sync_status, stripe_as_of)
                values (?, ?::uuid, ?, 'old@example.com', 'synced', ?::timestamptz)""", row, Person.called("alice").id(),
                customer,
                now.toString());
    }

    @Test
    void hasACustomerFetchedWhoseEventIsOfTheSecondOfTheLatestNews() {
        assertThat(handler.needs(event("updated", now))).containsExactly(new Fetch("customer", customer, null));
        assertThat(handler.needs(event("updated", now.plusSeconds(1)))).isEmpty();
        assertThat(handler.needs(event("updated", now.minusSeconds(1)))).isEmpty();
        assertThat(handler.needs(event("deleted", now))).isEmpty();
    }

    @Test
    void mirrorsANewerEvent() {
        undone.run(() -> {
            handler.apply(event("updated", now.minusSeconds(1)), Fetched.nothing());
            assertThat(email()).isEqualTo("old@example.com synced");
            handler.apply(event("updated", now.plusSeconds(1)), Fetched.nothing());

            assertThat(email()).isEqualTo("new@example.com synced");
        });
    }

    @Test
    void mirrorsTheCustomerThatWasFetched() {
        undone.run(() -> {
            Event same = event("updated", now);
            Instant asked = now.plus(Duration.ofMinutes(1));

            handler.apply(same, Answers.of(itself(), Json.read("""
                    {"id": "%s", "object": "customer", "email": "read@example.com", "created": 1}""".formatted(customer)),
                    asked));

            assertThat(email()).isEqualTo("read@example.com synced");
        });
    }

    /** Another event was applied between the request and its answer. */
    @Test
    void waitsWhereAnotherEventHasOvertakenTheReading() {
        undone.run(() -> {
            undone.change("update stripe_customers set stripe_told_at = ? where id = ?", now.plusSeconds(1), row);
            Fetched stale = Answers.of(itself(), Json.read("""
                    {"id": "%s", "object": "customer", "email": "read@example.com", "created": 1}""".formatted(customer)), now);

            assertThatThrownBy(() -> handler.apply(event("updated", now), stale)).isInstanceOf(Undecided.class);
        });
    }

    @Test
    void changesNothingWhereStripeHasNoSuchCustomerAnyMore() {
        undone.run(() -> {
            handler.apply(event("updated", now), Answers.of(itself(), null, now.plusSeconds(1)));

            assertThat(email()).isEqualTo("old@example.com synced");
        });
    }

    @Test
    void recordsThatACustomerIsGone() {
        undone.run(() -> {
            handler.apply(event("deleted", now.minusSeconds(5)), Fetched.nothing());

            assertThat(email()).isEqualTo("old@example.com missing");
        });
    }

    @Test
    void waitsForTheRowOfACreatedCustomer() {
        undone.run(() -> assertThatThrownBy(() -> handler.apply(SomeEvent.platform("customer.created", now, """
                {"id": "cus_others", "object": "customer", "metadata": {"coachpay_id": "order-17"}, "created": 1}"""),
                Fetched.nothing())).isInstanceOf(MissingParent.class));
    }

    private Fetch itself() {
        return new Fetch("customer", customer, null);
    }

    private Event event(String what, Instant at) {
        return SomeEvent.platform("customer." + what, at,
                """
                        {"id": "%s", "object": "customer", "email": "new@example.com", "created": 1, "metadata": {"coachpay_id": "%s"}}"""
                        .formatted(customer, row));
    }

    private String email() {
        return undone.texts("select customer_email, sync_status from stripe_customers where id = ?", row).get(0);
    }
}
