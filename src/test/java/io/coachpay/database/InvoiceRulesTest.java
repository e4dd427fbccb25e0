package io.coachpay.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The database's own rules about invoices and their money, tried in plain SQL as the service. */
class InvoiceRulesTest {

    private static final String PAYMENT = """
            insert into transactions (id, type, method, amount, currency, payer_id, stripe_payment_intent_id, status)
            values (?, ?, ?, 19, 'USD', ?, ?, ?)""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "status = 'sent'| invoices_status_edge", "status = 'draft'| invoices_status_edge",
            "amount_due = -1| invoices_amount_due_check", "amount_paid = -1| invoices_amount_paid_check",
            "amount_remaining = -1| invoices_amount_remaining_check", "paid_outside = -1| invoices_paid_outside_check",
            "attempt_count = -1| invoices_attempt_count_check", "attempt = 0| invoices_attempt_check",
            "paid_at = now()| invoices_paid_at", "amount = -5| allowed" })
    void keepsInvoicesPossible(String change, String wall) throws SQLException {
        UUID invoice = Rows.invoice(Rows.user(), "open");

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update invoices set " + change + " where id = ?", invoice))).isEqualTo(wall);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "tax = 1| invoice_payments_booked", "booked = true| invoice_payments_booked",
            "status = 'paid'| invoice_payments_paid", "paid_at = now()| invoice_payments_paid",
            "amount = -1| invoice_payments_amount_check" })
    void keepsPaymentsOfInvoicesPossible(String change, String wall) throws SQLException {
        UUID payment = Rows.invoicePayment(Rows.invoice(Rows.user(), "open"), "open");

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update invoice_payments set " + change + " where id = ?", payment)))
                .isEqualTo(wall);
    }

    @Test
    void givesLinesAndPaymentsToTheOwnerOfTheInvoice() throws SQLException {
        UUID user = Rows.user();
        UUID invoice = Rows.invoice(user, "open");
        UUID other = Rows.user();
        Sql.run(Caller.SERVICE, """
                insert into invoice_lines (id, invoice_id, position, stripe_line_id, amount, currency, owner_id)
                values (gen_random_uuid(), ?, 0, 'il_1', 1, 'USD', ?)""", invoice, other);
        Sql.run(Caller.SERVICE,
                """
                        insert into invoice_payments (id, invoice_id, stripe_invoice_payment_id, type, amount, currency, status, owner_id)
                        values (gen_random_uuid(), ?, ?, 'payment_record', 1, 'USD', 'open', ?)""",
                invoice,
                "inpay_" + invoice.toString().replace("-", ""), other);

        for (String table : List.of("invoice_lines", "invoice_payments")) {
            assertThat(Sql.column(Caller.SERVICE, "select owner_id::text from " + table + " where invoice_id = ?", invoice))
                    .as(table).containsExactly(user.toString());
        }
    }

    @Test
    void booksOnePaymentForOnePaymentIntent() throws SQLException {
        UUID user = Rows.user();
        UUID invoice = Rows.invoice(user, "open");
        UUID first = Rows.invoicePayment(invoice, "paid");
        UUID second = Rows.invoicePayment(invoice, "paid");
        UUID booked = payment(user, "subscription_payment", "invoice", "completed");
        Sql.run(Caller.SERVICE, "update invoice_payments set transaction_id = ?, booked = true where id = ?", booked, first);

        assertThat(Refusal.constraint(
                () -> Sql.run(Caller.SERVICE, "update invoice_payments set transaction_id = ? where id = ?", booked, second)))
                .isEqualTo("invoice_payments_transaction_id_key");
        for (int tax : new int[] { -1, 20 }) {
            assertThat(Refusal.constraint(
                    () -> Sql.run(Caller.SERVICE, "update invoice_payments set tax = ? where id = ?", tax, first)))
                    .isEqualTo("invoice_payments_tax");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "subscription_payment| checkout| transactions_subscription_payment",
            "subscription_payment| invoice| allowed" })
    void keepsPaymentsOfInvoicesApartFromOthers(String type, String method, String wall) {
        assertThat(Refusal.constraint(() -> payment(Rows.user(), type, method, "pending"))).isEqualTo(wall);
    }

    @Test
    void keepsOtherPaymentsApartFromThoseOfInvoices() throws SQLException {
        UUID mentee = Rows.user();
        UUID coach = Rows.coach();
        UUID payment = Rows.transaction(mentee, coach, Rows.session(mentee, coach));

        assertThat(Refusal
                .constraint(() -> Sql.run(Caller.SERVICE, "update transactions set method = 'invoice' where id = ?", payment)))
                .isEqualTo("transactions_subscription_payment");
    }

    /** The price of an invoice is Stripe's to say until it is paid. */
    @ParameterizedTest
    @CsvSource({ "pending, allowed", "failed, allowed", "completed, transactions_keep_agreement" })
    void keepsThePriceOfWhatIsPaid(String status, String wall) throws SQLException {
        UUID payment = payment(Rows.user(), "subscription_payment", "invoice", status);

        assertThat(
                Refusal.constraint(() -> Sql.run(Caller.SERVICE, "update transactions set amount = 12 where id = ?", payment)))
                .isEqualTo(wall);
        assertThat(Refusal
                .constraint(() -> Sql.run(Caller.SERVICE, "update transactions set currency = 'EUR' where id = ?", payment)))
                .isEqualTo("transactions_keep_agreement");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "status = 'requested'| credit_notes_status_edge",
            "stripe_credit_note_id = null| credit_notes_known", "amount = 0| credit_notes_amount_check",
            "stripe_credit_note_id = 'in_1'| credit_notes_stripe_credit_note_id_check" })
    void keepsCreditNotesPossible(String change, String wall) throws SQLException {
        UUID note = Rows.creditNote(Rows.invoice(Rows.user(), "paid"), "issued");

        assertThat(Refusal
                .constraint(() -> Sql.run(Caller.SERVICE, "update credit_notes set " + change + " where id = ?", note)))
                .isEqualTo(wall);
    }

    @Test
    void givesEachRefundOneCreditNote() throws SQLException {
        UUID invoice = Rows.invoice(Rows.user(), "paid");
        UUID note = Rows.creditNote(invoice, "requested");

        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                insert into credit_notes (id, invoice_id, refund_id, amount, currency)
                select gen_random_uuid(), invoice_id, refund_id, 5, 'USD' from credit_notes where id = ?""", note)))
                .isEqualTo("credit_notes_refund_id_key");
        assertThat(Refusal.constraint(() -> Sql.run(Caller.SERVICE, """
                insert into credit_notes (id, invoice_id, amount, currency) values (gen_random_uuid(), ?, 5, 'USD')""",
                invoice)))
                .isEqualTo("credit_notes_ours");
    }

    @Test
    void keepsTheHistoryOfInvoices() throws SQLException {
        UUID invoice = Rows.invoice(Rows.user(), "open");
        UUID line = Rows.inserted(
                "insert into invoice_logs (id, invoice_id, event, status_after) values (?, ?, 'invoice.paid', 'paid')",
                invoice);

        try (var owner = Database.owner()) {
            assertThat(Refusal.constraint(() -> Sql.run(owner, "delete from invoice_logs where id = ?", line)))
                    .isEqualTo("invoice_logs_append_only");
        }
    }

    private static UUID payment(UUID payer, String type, String method, String status) throws SQLException {
        UUID id = UUID.randomUUID();
        Sql.run(Caller.SERVICE, PAYMENT, id, type, method, payer, Rows.stripeId("pi"), status);
        return id;
    }
}
