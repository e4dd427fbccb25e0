package io.coachpay.invoice;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.joda.money.Money;

import io.coachpay.access.Rows;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.CreditPostings.Holder;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.MoneyReturned;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.Purchase;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.Transaction;

/**
 * Books the payments of invoices: the platform earns them, less the tax that it owes. A refund gives back both, in the shares
 * of what is refunded in all, so that the last part takes the rest. What a bank takes back is the platform's loss, as with any
 * dispute.
 */
@ApplicationScoped
class SubscriptionPayment implements Purchase {

    /** The amount that earlier refunds have given back, and the tax in it. */
    private static final String MET = """
            select coalesce(sum(e.amount) filter (where a.kind = 'refund_clearing'), 0) as amount,
                   coalesce(-sum(e.amount) filter (where a.kind = 'tax_payable'), 0) as tax
              from ledger_journals j
              join ledger_entries e on e.journal_id = j.id
              join ledger_accounts a on a.id = e.account_id
             where j.transaction_id = ? and j.kind in ('subscription_refunded', 'subscription_regained')""";

    private static final String PAID = "select id from invoice_payments where stripe_payment_intent_id = ?";
    private static final String HOLD = "select id from invoice_payments where invoice_id = ? order by id for no key update";
    private static final String BOOKED = """
            select coalesce(sum(amount), 0) as amount from invoice_payments
             where invoice_id = ? and booked and stripe_invoice_payment_id <> ?""";

    private final Ledger ledger;
    private final CreditNoteBooks creditNotes;
    private final SurplusRefunds surplus;
    private final Rows rows;

    SubscriptionPayment(Ledger ledger, CreditNoteBooks creditNotes, SurplusRefunds surplus, DataSource database) {
        this.ledger = ledger;
        this.surplus = surplus;
        this.creditNotes = creditNotes;
        this.rows = new Rows(database);
    }

    /** An amount with the tax in it. */
    private record Met(BigDecimal amount, BigDecimal tax) {
    }

    @Override
    public Purpose purpose() {
        return Purpose.SUBSCRIPTION_PAYMENT;
    }

    @Override
    public Journal paid(Transaction payment) {
        InvoicePayment paid = of(payment);
        Money tax = tax(paid, payment.amount());
        paid.by(payment.id());
        Instant at = Objects.requireNonNull(payment.completion().completedAt());
        paid.book(payment.amount(), tax, at);
        paid.persistAndFlush();
        return Postings.subscriptionPaid(Objects.requireNonNull(payment.paymentIntent()), payment.amount(), tax, at);
    }

    /**
     * Its share of the invoice's tax, after those that were booked before. The rows of all of them are held first: one that is
     * booked at the same moment is seen, whether or not its row was read before.
     */
    private Money tax(InvoicePayment paid, Money amount) {
        rows.query(HOLD, row -> row.getObject("id"), paid.invoiceId());
        Money before = money(amount,
                rows.query(BOOKED, row -> row.getBigDecimal("amount"), paid.invoiceId(), paid.stripeId()).get(0));
        Invoice invoice = invoice(paid);
        if (invoice.status() == InvoiceStatus.DRAFT) {
            // A draft's tax may change yet.
            throw new MissingParent("finalized invoice " + invoice.stripeId());
        }
        return invoice.amounts().taxOf(amount, before);
    }

    private static Invoice invoice(InvoicePayment paid) {
        return Objects.requireNonNull(Invoice.<Invoice> findById(paid.invoiceId()), "A foreign key holds it");
    }

    /** The part of an invoice that a payment pays, written before the payment. */
    private InvoicePayment of(Transaction payment) {
        List<UUID> paid = rows.query(PAID, row -> row.getObject("id", UUID.class), payment.paymentIntent());
        return Objects.requireNonNull(InvoicePayment.findById(paid.get(0)), "A row is not deleted");
    }

    @Override
    public void changed(Transaction payment, PaymentStatus before) {
        // What it buys is Stripe's to say, and mirrored by itself.
        if (payment.status() == PaymentStatus.CANCELED) {
            of(payment).cancel();
        }
        if (payment.status() == PaymentStatus.COMPLETED && !before.isPaid()) {
            surplus.paid(invoice(of(payment)), payment);
        }
    }

    @Override
    public void held(Transaction payment) {
        throw new IllegalStateException("An invoice's payment is what Stripe took: " + payment.id());
    }

    @Override
    public boolean isSuperseded(Transaction late) {
        return false;
    }

    /** Gives back what the platform has earned with a refunded part, and takes it again where the refund failed. */
    void on(@Observes MoneyReturned moved) {
        Transaction payment = moved.payment();
        if (!payment.terms().type().equals(Purpose.SUBSCRIPTION_PAYMENT.column()) || moved.by() != Holder.REFUND) {
            return;
        }
        Money gone = payment.amounts().refunded();
        InvoicePayment paid = of(payment);
        Met met = rows.query(MET, row -> new Met(row.getBigDecimal("amount"), row.getBigDecimal("tax")), payment.id()).get(0);
        Money amount = gone.minus(money(gone, met.amount));
        Money tax = InvoiceAmounts.share(paid.tax(), gone, payment.amount()).minus(money(gone, met.tax));
        if (amount.isZero() && tax.isZero()) {
            return;
        }
        ledger.post((amount.isNegative()
                ? Postings.subscriptionRegained(moved.reference(), amount.negated(), tax.negated(), moved.at())
                : Postings.subscriptionRefunded(moved.reference(), amount, tax, moved.at())).of(payment.id()));
        creditNotes.request(paid, moved.reference(), amount);
    }

    private static Money money(Money like, BigDecimal amount) {
        return Money.of(like.getCurrencyUnit(), amount.stripTrailingZeros());
    }
}
