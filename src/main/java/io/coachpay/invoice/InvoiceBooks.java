package io.coachpay.invoice;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.inbox.MissingParent;
import io.coachpay.inbox.Undecided;
import io.coachpay.payment.Origin;
import io.coachpay.payment.PaymentOrder;
import io.coachpay.payment.Purpose;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.stripe.StripeInvoice;
import io.coachpay.stripe.StripeInvoicePayment;
import io.coachpay.stripe.StripePaymentIntent;
import io.coachpay.subscription.BilledSubscriptions;
import io.coachpay.subscription.BilledSubscriptions.Billed;
import io.coachpay.user.CustomerOwner;
import io.coachpay.user.CustomerOwners;

/**
 * Records invoices and what pays them. Every verb runs inside the caller's database transaction, and none calls Stripe. Locks
 * are taken in one order: the invoice, its payment's transaction, the row that links the two.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
class InvoiceBooks {

    /** A subscription's row is written before Stripe is asked; one that is not there by then was lost. */
    private static final Duration ROW_COMES_WITHIN = Duration.ofMinutes(55);

    private final CustomerOwners customers;
    private final BilledSubscriptions subscriptions;
    private final TransactionBooks payments;
    private final Clock clock;
    private final Rows rows;

    InvoiceBooks(CustomerOwners customers, BilledSubscriptions subscriptions, TransactionBooks payments, Clock clock,
            DataSource database) {
        this.customers = customers;
        this.subscriptions = subscriptions;
        this.payments = payments;
        this.clock = clock;
        this.rows = new Rows(database);
    }

    /** Whether an invoice of this customer, {@code cus_…}, is ours. */
    boolean isOurs(@Nullable String customerId) {
        return customerId != null && customers.of(customerId) != null;
    }

    /**
     * Whether an event does not tell enough of an invoice, so that it has to be fetched: it is of the very second of ours and
     * says something else, or some lines are still missing, as an event carries ten at most.
     */
    boolean onlyFetchTells(StripeInvoice stripes, InvoiceStatus becomes, Instant at) {
        Invoice known = InvoiceQueries.seen(stripes.id());
        if (known == null) {
            return !stripes.whole() && isOurs(stripes.customerId());
        }
        return known.isUndecided(stripes, becomes, at)
                || !stripes.whole() && (!known.areLinesWhole() || known.status() == InvoiceStatus.DRAFT);
    }

    /**
     * Whether Stripe has taken money for an invoice that no payment here accounts for, or has tried to and no payment is known.
     * Where no card was there to try, no event about the payment comes.
     */
    private static boolean isPaymentMissing(Invoice invoice, StripeInvoice stripes) {
        boolean paid = stripes.amountPaid().isGreaterThan(stripes.paidOutside());
        if (!paid && stripes.attemptCount() == 0) {
            return false;
        }
        List<InvoicePayment> payments = InvoicePayment.of(invoice.id());
        return paid ? payments.stream().noneMatch(InvoicePayment::isBooked) : payments.isEmpty();
    }

    private void lookForPayment(Invoice invoice, StripeInvoice stripes) {
        if (isPaymentMissing(invoice, stripes)) {
            invoice.checkNow(clock.instant());
        }
    }

    /** Whether the payment by this PaymentIntent, {@code pi_…}, is known here, so that its own events suffice. */
    boolean isKnown(String paymentIntent) {
        return has("transaction_id is not null", paymentIntent);
    }

    /** Whether the money of the payment by this PaymentIntent, {@code pi_…}, is in the books. */
    boolean isBooked(String paymentIntent) {
        return has("booked", paymentIntent);
    }

    private boolean has(String condition, String paymentIntent) {
        return !rows.query("select id from invoice_payments where stripe_payment_intent_id = ? and " + condition,
                row -> row.getObject("id"), paymentIntent).isEmpty();
    }

    /**
     * Mirrors Stripe's invoice as an event of that second has it, unless a newer state is known. Where no payment is known that
     * it reports, Stripe is asked at the next check, should no event of the payment come before.
     *
     * @throws MissingParent for one of which the customer or the subscription is not known here
     * @throws Undecided where only a look at Stripe shows which state is newer
     */
    void mirror(StripeInvoice stripes, InvoiceStatus becomes, Origin from, Instant at) {
        Invoice invoice = of(stripes);
        if (invoice.isUndecided(stripes, becomes, at)) {
            throw new Undecided(stripes.id());
        }
        if (isRepeated(invoice, stripes, becomes, at)) {
            return;
        }
        mirror(invoice, stripes, becomes, from, at);
        lookForPayment(invoice, stripes);
    }

    /** Whether an event that is not undecided says what one of the same second has said. */
    private static boolean isRepeated(Invoice invoice, StripeInvoice stripes, InvoiceStatus becomes, Instant at) {
        InvoiceAddresses addresses = invoice.addresses();
        return invoice.status() == becomes && invoice.times().isAsOldAs(at) && invoice.areLinesWhole()
                && stripes.failure() == null && addresses != null && addresses.areThoseOf(stripes);
    }

    /**
     * Mirrors an invoice that was read, as of the second of the request. A later state counts always; of one state, a reading
     * counts unless the invoice was mirrored meanwhile, as which of the two is newer is unknown then.
     *
     * @return whether the invoice is now as it was read, or in a later state
     * @throws MissingParent for one of which the customer or the subscription is not known here
     */
    boolean mirrorRead(StripeInvoice stripes, Origin from, Instant sentAt) {
        Invoice invoice = of(stripes);
        boolean mirrored = mirrorRead(invoice, stripes, from, sentAt);
        lookForPayment(invoice, stripes);
        return mirrored;
    }

    /**
     * Mirrors an invoice that was read with all that pays it.
     *
     * @throws MissingParent for one of which the customer or the subscription is not known here
     */
    void mirrorWhole(StripeInvoice stripes, List<StripeInvoicePayment> payments, Origin from, Instant sentAt) {
        Invoice invoice = of(stripes);
        mirrorRead(invoice, stripes, from, sentAt);
        invoice.locate(stripes, sentAt);
        payments.forEach(payment -> pay(payment, from, sentAt));
    }

    private boolean mirrorRead(Invoice invoice, StripeInvoice stripes, Origin from, Instant sentAt) {
        InvoiceStatus becomes = InvoiceStatus.stripes(stripes.status());
        if (invoice.times().isToldSince(sentAt) && !invoice.status().next().contains(becomes)) {
            return invoice.status() != becomes;
        }
        mirror(invoice, stripes, becomes, from, invoice.times().ofReading(sentAt));
        return true;
    }

    private void mirror(Invoice invoice, StripeInvoice stripes, InvoiceStatus becomes, Origin from, Instant at) {
        Instant now = clock.instant();
        InvoiceStatus before = invoice.isNew() ? null : invoice.status();
        int attempts = invoice.attempts();
        if (!invoice.mirror(stripes, becomes, at, now)) {
            return;
        }
        boolean fixed = before != null && before != InvoiceStatus.DRAFT && invoice.areLinesWhole();
        if (stripes.whole() && !fixed) {
            InvoiceLine.replace(invoice, stripes.lines(), now);
            invoice.completeLines();
        }
        if (before != invoice.status() || attempts != invoice.attempts() || stripes.failure() != null) {
            InvoiceLog.write(invoice, stripes, from, before, now);
        }
    }

    /**
     * Records what pays an invoice, and books the money that has come.
     *
     * @param told with its invoice and its PaymentIntent
     * @param asked when Stripe was asked
     * @throws MissingParent for an invoice of which the customer or the subscription is not known here
     */
    void pay(StripeInvoicePayment told, Origin from, Instant asked) {
        StripeInvoice stripes = told.invoice();
        Invoice invoice = stripes == null ? known(told.invoiceId()) : of(stripes);
        if (stripes != null) {
            mirrorRead(invoice, stripes, from, asked);
        }
        String intentId = told.paymentIntentId();
        Transaction before = intentId == null ? null : TransactionQueries.locked(null, intentId).orElse(null);
        InvoicePayment payment = Objects.requireNonNullElseGet(InvoicePayment.byStripeId(told.id()),
                () -> InvoicePayment.of(invoice, told, clock.instant()));
        payment.mirror(told);
        payment.persistAndFlush();
        StripePaymentIntent intent = told.paymentIntent();
        if (intent != null) {
            Transaction transaction = payments.billed(before, order(invoice, intent), intent, from, asked);
            payment.by(transaction.id());
            invoice.paymentKnown();
        }
        if (stripes != null && !payment.isBooked()) {
            // Another payment may have paid the invoice.
            lookForPayment(invoice, stripes);
        }
    }

    /**
     * Mirrors the state of a payment whose money is known here, or did not come through Stripe.
     *
     * @throws MissingParent for a payment of an invoice that is not known here
     */
    void told(StripeInvoicePayment told) {
        Invoice invoice = known(told.invoiceId());
        InvoicePayment payment = Objects.requireNonNullElseGet(InvoicePayment.byStripeId(told.id()),
                () -> InvoicePayment.of(invoice, told, clock.instant()));
        payment.mirror(told);
        payment.persist();
    }

    /** Records that Stripe does not have an invoice any more. */
    void deleted(String stripeId) {
        known(stripeId).deleted();
    }

    /** Counts to the next key under which an invoice is paid. */
    void nextAttempt(UUID id, int after) {
        Invoice invoice = Invoice.findById(id, LockModeType.PESSIMISTIC_WRITE);
        invoice.nextAttempt(after);
    }

    private static Invoice known(String stripeId) {
        Invoice invoice = InvoiceQueries.locked(stripeId);
        if (invoice == null) {
            throw new MissingParent("invoice " + stripeId);
        }
        return invoice;
    }

    private static PaymentOrder order(Invoice invoice, StripePaymentIntent intent) {
        UUID payer = invoice.owner().userId();
        if (payer == null) {
            throw new MissingParent("person who pays " + invoice.stripeId());
        }
        String description = invoice.number() == null ? "Invoice" : "Invoice " + invoice.number();
        return new PaymentOrder(Purpose.SUBSCRIPTION_PAYMENT, invoice.id(), payer, intent.amount(), null, invoice.issuedAt(),
                description);
    }

    /** The row of Stripe's invoice, locked; it is stored where it is new. */
    private Invoice of(StripeInvoice stripes) {
        Invoice known = InvoiceQueries.locked(stripes.id());
        if (known != null && known.subscriptionId() != null) {
            return known;
        }
        String subscriptionId = stripes.subscriptionId();
        Billed billed = subscriptionId == null ? null
                : subscriptions.find(subscriptionId, stripes.subscriptionRow()).orElse(null);
        boolean isFresh = stripes.created().plus(ROW_COMES_WITHIN).isAfter(clock.instant());
        if (billed == null && stripes.subscriptionRow() != null && isFresh) {
            throw new MissingParent("subscription of " + stripes.id());
        }
        UUID subscription = billed == null ? null : billed.id();
        if (known == null) {
            String customer = stripes.customerId();
            CustomerOwner owner = billed != null ? billed.owner() : customer == null ? null : customers.of(customer);
            if (owner == null || customer == null) {
                throw new MissingParent("customer of " + stripes.id());
            }
            return Invoice.begun(stripes, owner, customer, subscription, clock.instant());
        }
        if (subscription != null) {
            known.bills(subscription);
        }
        return known;
    }
}
