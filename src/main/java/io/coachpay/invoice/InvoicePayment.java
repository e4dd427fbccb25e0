package io.coachpay.invoice;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.NaturalId;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.stripe.StripeInvoicePayment;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A payment of an invoice. A PaymentIntent is one of these at most. */
@Entity
@Table(name = "invoice_payments")
@DynamicUpdate
class InvoicePayment extends PanacheEntityBase {

    /** The state of a payment of an invoice, in Stripe's words. */
    enum Status implements Transitions<Status> {
        OPEN("open"),
        PAID("paid"),
        CANCELED("canceled");

        @EnumeratedValue
        private final String column;

        Status(String column) {
            this.column = column;
        }

        private static Status stripes(String word) {
            return Transitions.named(word, "payments of invoices", EnumSet.allOf(Status.class));
        }

        @Override
        public Set<Status> next() {
            return this == OPEN ? EnumSet.of(PAID, CANCELED) : EnumSet.noneOf(Status.class);
        }

        @Override
        public String column() {
            return column;
        }
    }

    @Id
    private UUID id;
    @Column(name = "invoice_id", updatable = false)
    private UUID invoiceId;
    @NaturalId
    @Column(name = "stripe_invoice_payment_id", updatable = false)
    private String stripeId;
    @Column(updatable = false)
    private String type;
    @Column(name = "stripe_payment_intent_id", updatable = false)
    private @Nullable String paymentIntent;
    @Embedded
    private Amount amount;
    private BigDecimal tax;
    private boolean booked;
    @Enumerated(EnumType.STRING)
    private Status status;
    @Column(name = "paid_at")
    private @Nullable Instant paidAt;
    @Column(name = "transaction_id")
    private @Nullable UUID transactionId;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected InvoicePayment() {
    }

    /** A payment of an invoice that is locked, not yet stored. */
    static InvoicePayment of(Invoice invoice, StripeInvoicePayment stripes, Instant now) {
        InvoicePayment payment = new InvoicePayment();
        payment.id = Ids.next();
        payment.invoiceId = invoice.id();
        payment.stripeId = stripes.id();
        payment.type = stripes.type();
        payment.paymentIntent = stripes.paymentIntentId();
        payment.amount = Amount.of(stripes.amount());
        payment.tax = BigDecimal.ZERO;
        payment.status = Status.OPEN;
        payment.createdAt = now;
        return payment;
    }

    static @Nullable InvoicePayment byStripeId(String stripeId) {
        return getSession().bySimpleNaturalId(InvoicePayment.class).load(stripeId);
    }

    /** The payments of an invoice, oldest first. */
    static List<InvoicePayment> of(UUID invoiceId) {
        return list("invoiceId = ?1 order by id", invoiceId);
    }

    /** Those of many invoices, each invoice's in their order. */
    static List<InvoicePayment> of(Collection<UUID> invoiceIds) {
        return list("invoiceId in ?1 order by id", invoiceIds);
    }

    /** Mirrors Stripe's state. An amount may change until it is paid; when that was, Stripe knows best. */
    void mirror(StripeInvoicePayment stripes) {
        Status becomes = Status.stripes(stripes.status());
        if (status == Status.OPEN && !amount().isEqual(stripes.amount())) {
            amount = Amount.of(stripes.amount());
        }
        status = Transitions.acceptIfReachable(status, becomes);
        if (status == Status.PAID && becomes == Status.PAID) {
            paidAt = Objects.requireNonNullElse(stripes.paidAt(), stripes.created());
        }
    }

    /** Records that its PaymentIntent was cancelled. */
    void cancel() {
        status = Transitions.acceptIfReachable(status, Status.CANCELED);
    }

    /** Names the payment that was made for it. */
    void by(UUID transaction) {
        transactionId = transaction;
    }

    /** Records that its money was booked, with the part of it that is tax. */
    void book(Money paid, Money taxed, Instant at) {
        if (!amount().isEqual(paid)) {
            amount = Amount.of(paid);
        }
        tax = taxed.getAmount();
        booked = true;
        status = Transitions.acceptIfReachable(status, Status.PAID);
        paidAt = status == Status.PAID && paidAt == null ? at : paidAt;
    }

    /** Whether its money is in the books. */
    boolean isBooked() {
        return booked;
    }

    UUID invoiceId() {
        return invoiceId;
    }

    String stripeId() {
        return stripeId;
    }

    /** {@code payment_intent}, or {@code payment_record} for money that did not come through Stripe. */
    String type() {
        return type;
    }

    @Nullable
    String paymentIntent() {
        return paymentIntent;
    }

    Money amount() {
        return amount.money();
    }

    /** The part of the amount that is tax. */
    Money tax() {
        return amount.inCurrency(tax);
    }

    Status status() {
        return status;
    }

    boolean isPaid() {
        return status == Status.PAID;
    }

    @Nullable
    Instant paidAt() {
        return paidAt;
    }

    /** Our id of the payment; null where no money moved at Stripe. */
    @Nullable
    UUID transactionId() {
        return transactionId;
    }
}
