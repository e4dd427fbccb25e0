package io.coachpay.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.coachpay.Json;
import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.access.Ids;
import io.coachpay.inbox.MissingParent;
import io.coachpay.stripe.StripeCustomer;

/** Stripe's reports about people's customers, in any order, and our changes of them meanwhile. */
@ServiceTest
class CustomerBooksTest {

    @Inject
    Undone undone;
    @Inject
    CustomerBooks books;

    private UUID user;
    private UUID row;
    private String customer;
    private Instant now;

    @Test
    void keepsTheFirstCustomerThatStripeReports() {
        begun(() -> {
            books.made(stripe(customer, row, "old@example.com"), now);
            books.made(stripe("cus_second", row, "old@example.com"), now.plusSeconds(1));

            assertThat(row()).containsExactly(customer + " old@example.com synced");
        });
    }

    @Test
    void waitsForARowThatIsNotKnown() {
        begun(() -> {
            assertThatThrownBy(() -> books.made(stripe(customer, null, "old@example.com"), now))
                    .isInstanceOf(MissingParent.class);
            assertThatThrownBy(() -> books.made(stripe(customer, UUID.randomUUID(), "old@example.com"), now))
                    .isInstanceOf(MissingParent.class);
            assertThatThrownBy(() -> books.mirror(stripe("cus_others", null, "old@example.com"), now))
                    .isInstanceOf(MissingParent.class);
            assertThatThrownBy(() -> books.deleted(stripe("cus_others", null, "old@example.com")))
                    .isInstanceOf(MissingParent.class);
        });
    }

    @Test
    void mirrorsTheLatestStateAlone() {
        made(() -> {
            books.mirror(stripe(customer, row, "new@example.com"), now.plusSeconds(2));
            books.mirror(stripe(customer, row, "stale@example.com"), now.plusSeconds(1));

            assertThat(row()).containsExactly(customer + " new@example.com synced");
            assertThat(email()).as("the person's own follows").containsExactly("new@example.com");
        });
    }

    @Test
    void keepsAChangeOfOursThatIsUnderWay() {
        made(() -> {
            undone.change("update users set email = 'ours@example.com' where id = ?", user);
            assertThat(books.ownerChanged(User.byId(user))).isTrue();

            books.mirror(stripe(customer, row, "theirs@example.com"), now.plusSeconds(1));

            assertThat(row()).containsExactly(customer + " ours@example.com pending");
            assertThat(email()).containsExactly("ours@example.com");
        });
    }

    @Test
    void sendsNothingThatStripeHas() {
        made(() -> assertThat(books.ownerChanged(User.byId(user))).isFalse());
    }

    @Test
    void sendsNothingBeforeThereIsACustomer() {
        begun(() -> {
            undone.change("update users set email = 'ours@example.com' where id = ?", user);

            assertThat(books.ownerChanged(User.byId(user))).isFalse();
        });
    }

    @Test
    void believesNoReadingThatAnotherReportHasOvertaken() {
        made(() -> {
            books.mirror(stripe(customer, row, "new@example.com"), now.plusSeconds(1));

            assertThat(books.mirrorRead(stripe(customer, row, "read@example.com"), now.minusSeconds(5))).isFalse();
            assertThat(row()).containsExactly(customer + " new@example.com synced");
            assertThat(books.mirrorRead(stripe(customer, row, "read@example.com"), now.plus(Duration.ofMinutes(1)))).isTrue();

            assertThat(row()).containsExactly(customer + " read@example.com synced");
        });
    }

    @Test
    void hasACustomerFetchedThatWasReportedTwiceWithinASecond() {
        made(() -> {
            books.mirror(stripe(customer, row, "new@example.com"), now.plusSeconds(2));

            assertThat(books.onlyFetchTells(stripe(customer, row, "x@example.com"), now.plusSeconds(2))).isTrue();
            assertThat(books.onlyFetchTells(stripe(customer, row, "x@example.com"), now.plusSeconds(3))).isFalse();
            assertThat(books.onlyFetchTells(stripe("cus_others", null, "x@example.com"), now.plusSeconds(2))).isFalse();
        });
    }

    @Test
    void mirrorsNothingOfADeletedCustomer() {
        made(() -> {
            books.deleted(stripe(customer, row, "old@example.com"));
            books.mirror(stripe(customer, row, "new@example.com"), now.plusSeconds(1));

            assertThat(row()).containsExactly(customer + " old@example.com missing");
            assertThat(books.onlyFetchTells(stripe(customer, row, "x@example.com"), now)).isFalse();
        });
    }

    @Test
    void missesOnlyTheCustomerThatWasAskedFor() {
        made(() -> {
            books.missing(Customer.byStripeId(customer), "cus_before");
            assertThat(row()).containsExactly(customer + " old@example.com synced");

            books.missing(Customer.byStripeId(customer), customer);
            assertThat(row()).containsExactly(customer + " old@example.com missing");
        });
    }

    @Test
    void readsADeletionInAStateToo() {
        made(() -> {
            StripeCustomer gone = StripeCustomer.from(((ObjectNode) Json.read("""
                    {"id": "%s", "object": "customer"}""".formatted(customer))).put("deleted", true).put("created", 1));

            books.mirror(gone, now.plusSeconds(1));

            assertThat(row()).containsExactly(customer + " old@example.com missing");
        });
    }

    /** The customer was deleted, and another one made for the same row. */
    @Test
    void ignoresWhatIsReportedOfThePredecessor() {
        made(() -> {
            books.mirror(stripe("cus_before", row, "before@example.com"), now.plusSeconds(5));
            books.deleted(stripe("cus_before", row, "before@example.com"));

            assertThat(row()).containsExactly(customer + " old@example.com synced");
        });
    }

    @Test
    void tellsNothingToSomebodyWhoWasForgotten() {
        made(() -> {
            undone.change("update users set erased_at = ?, email = null, name = null where id = ?", now, user);

            books.mirror(stripe(customer, row, "new@example.com"), now.plusSeconds(1));

            assertThat(email()).containsExactly("-");
        });
    }

    /** Stripe has no address where it refused the person's; its empty one does not replace the person's own. */
    @Test
    void keepsThePersonsDetailsThatStripeRefused() {
        made(() -> {
            undone.change("""
                    update stripe_customers set customer_email = null, refused_email = 'old@example.com', sync_status = 'failed'
                     where id = ?""", row);

            books.mirror(stripe(customer, row, null), now.plusSeconds(1));

            assertThat(row()).containsExactly(customer + " - failed");
            assertThat(email()).containsExactly("old@example.com");
        });
    }

    private void begun(Runnable story) {
        undone.run(() -> {
            now = undone.now();
            user = Ids.next();
            row = Ids.next();
            customer = "cus_" + row.toString().replace("-", "");
            undone.run("insert into users (id, oidc_subject, email, name) values (?, ?, 'old@example.com', 'Alice')", user,
                    "subject-" + user);
            undone.run("insert into stripe_customers (id, user_id, customer_email, customer_name) values (?, ?, ?, ?)", row,
                    user,
                    "old@example.com", "Alice");
            story.run();
        });
    }

    private void made(Runnable story) {
        begun(() -> {
            books.made(stripe(customer, row, "old@example.com"), now);
            story.run();
        });
    }

    private static StripeCustomer stripe(String id, @Nullable UUID ours, @Nullable String email) {
        ObjectNode json = (ObjectNode) Json.read("""
                {"id": "%s", "object": "customer", "name": "Alice", "created": 1}""".formatted(id));
        if (ours != null) {
            json.putObject("metadata").put("coachpay_id", ours.toString());
        }
        return StripeCustomer.from(json.put("email", email));
    }

    private List<String> row() {
        return undone.texts("select stripe_customer_id, customer_email, sync_status from stripe_customers where id = ?", row);
    }

    private List<String> email() {
        return undone.texts("select email from users where id = ?", user);
    }
}
