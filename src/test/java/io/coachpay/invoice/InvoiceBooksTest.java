package io.coachpay.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.coachpay.Json;
import io.coachpay.Person;
import io.coachpay.ServiceTest;
import io.coachpay.Undone;
import io.coachpay.inbox.MissingParent;
import io.coachpay.payment.Origin;
import io.coachpay.stripe.StripeCreditNote;
import io.coachpay.stripe.StripeInvoice;

/** Invoices and credit notes that somebody made by hand in Stripe's dashboard. */
@ServiceTest
class InvoiceBooksTest {

    @Inject
    Undone undone;
    @Inject
    InvoiceBooks books;
    @Inject
    CreditNoteBooks creditNotes;

    private UUID user;
    private String mark;
    private Instant now;

    @BeforeEach
    void signIn() {
        user = UUID.fromString(Person.called("billed-" + UUID.randomUUID()).id());
        mark = user.toString().replace("-", "");
        now = undone.now();
    }

    @Test
    void belongToTheOwnerOfACustomerThatWasReplaced() {
        undone.run(() -> {
            undone.change("insert into stripe_customers (id, user_id, stripe_customer_id) values (gen_random_uuid(), ?, ?)",
                    user,
                    "cus_" + mark);
            for (String next : new String[] { null, "cus_next" + mark, null, "cus_last" + mark }) {
                undone.change("update stripe_customers set stripe_customer_id = ? where user_id = ?", next, user);
            }

            assertThat(books.isOurs("cus_" + mark)).isTrue();
            assertThat(books.isOurs("cus_next" + mark)).isTrue();
            assertThat(books.isOurs("cus_last" + mark)).isTrue();
            books.mirror(invoice(), InvoiceStatus.OPEN, Origin.own("test"), now);

            assertThat(undone.texts("select status, stripe_customer_id from invoices where user_id = ?", user))
                    .containsExactly("open cus_" + mark);
        });
    }

    @Test
    void areNobodysWithoutACustomerOfOurs() {
        undone.run(() -> {
            assertThat(books.isOurs("cus_" + mark)).isFalse();
            assertThatThrownBy(() -> books.mirror(invoice(), InvoiceStatus.OPEN, Origin.own("test"), now))
                    .isInstanceOf(MissingParent.class);
        });
    }

    @Test
    void nameTheRefundThatTheyExplain() {
        undone.run(() -> {
            UUID refund = refunded();

            creditNotes.mirror(creditNote("cn_" + mark, "re_" + mark, now), now);

            assertThat(linked("cn_" + mark)).isEqualTo(refund.toString());
            creditNotes.mirror(creditNote("cn_" + mark, "re_" + mark, now), now.plusSeconds(1));
            creditNotes.mirror(creditNote("cn_second" + mark, "re_" + mark, now), now);
            assertThat(linked("cn_second" + mark)).as("a refund is explained once").isEqualTo("-");
        });
    }

    /** Stripe sends both at once: the refund may be known a moment later. */
    @Test
    void waitForTheRefundThatTheyExplain() {
        undone.run(() -> {
            refunded();
            assertThatThrownBy(() -> creditNotes.mirror(creditNote("cn_" + mark, "re_other" + mark, now), now))
                    .isInstanceOf(MissingParent.class);

            Instant lateEnough = now.minus(Duration.ofHours(1));
            creditNotes.mirror(creditNote("cn_" + mark, "re_other" + mark, lateEnough), now);

            assertThat(linked("cn_" + mark)).isEqualTo("-");
        });
    }

    @Test
    void explainWhatIsNoRefund() {
        undone.run(() -> {
            refunded();

            creditNotes.mirror(creditNote("cn_" + mark, null, now), now);

            assertThat(linked("cn_" + mark)).isEqualTo("-");
        });
    }

    private String linked(String creditNote) {
        return undone.texts("select refund_id from credit_notes where stripe_credit_note_id = ?", creditNote).get(0);
    }

    /** An invoice of which 5.00 was given back in the dashboard; our id of the refund. */
    private UUID refunded() {
        UUID refund = UUID.randomUUID();
        UUID payment = UUID.randomUUID();
        undone.change(
                """
                        insert into invoices (id, user_id, stripe_invoice_id, stripe_customer_id, status, amount, currency, amount_due, issued_at)
                        values (gen_random_uuid(), ?, ?, ?, 'paid', 19, 'USD', 19, ?::timestamptz)""",
                user, "in_" + mark, "cus_" + mark,
                now.toString());
        undone.change("""
                insert into transactions (id, type, method, amount, currency, payer_id, stripe_payment_intent_id, status,
                  completed_at, refunded_amount)
                values (?, 'subscription_payment', 'invoice', 19, 'USD', ?, ?, 'partially_refunded', ?::timestamptz, 5)""",
                payment, user, "pi_" + mark, now.toString());
        undone.change("""
                insert into refunds (id, transaction_id, amount, currency, status, reason, stripe_refund_id)
                values (?, ?, 5, 'USD', 'succeeded', 'dashboard', ?)""", refund, payment, "re_" + mark);
        return refund;
    }

    private StripeInvoice invoice() {
        return StripeInvoice.from(Json.read("""
                {"id": "in_%1$s", "object": "invoice", "status": "open", "customer": "cus_%1$s", "currency": "usd",
                 "subtotal": 1900, "total": 1900, "amount_due": 1900, "amount_paid": 0, "amount_remaining": 1900,
                 "lines": {"object": "list", "has_more": false, "data": []}, "metadata": {}, "created": %2$d}"""
                .formatted(mark, now.getEpochSecond())));
    }

    private StripeCreditNote creditNote(String id, @Nullable String refund, Instant created) {
        return StripeCreditNote.from(Json.read("""
                {"id": "%s", "object": "credit_note", "status": "issued", "number": "C-1-CN-01", "invoice": "in_%s",
                 "amount": 500, "currency": "usd", "pre_payment_amount": 0, "post_payment_amount": 500, "refunds": [%s],
                 "metadata": {}, "created": %d}""".formatted(id, mark,
                refund == null ? "" : "{\"amount_refunded\": 500, \"type\": \"refund\", \"refund\": \"" + refund + "\"}",
                created.getEpochSecond())));
    }
}
