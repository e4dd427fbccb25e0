package io.coachpay.payment;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.money.Credits;
import io.coachpay.payment.PaymentAttempt.Method;
import io.coachpay.stripe.StripePaymentIntent;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** One payment by one payer, failed ones too. Only its changes are written: to name unique ids would wait for journals. */
@Entity
@DynamicUpdate
@Table(name = "transactions")
public class Transaction extends PanacheEntityBase {

    @Id
    private UUID id;
    @Enumerated(EnumType.STRING)
    private PaymentStatus status;
    @Embedded
    private PaymentTerms terms;
    @Embedded
    private PaymentAmounts amounts;
    @Embedded
    private PaymentAttempt attempt;
    @Embedded
    private Completion completion;
    @Embedded
    private PaymentCredits credits;
    @Embedded
    private @Nullable StripeIds atStripe;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Transaction() {
    }

    private Transaction(PaymentTerms terms, PaymentAmounts amounts, PaymentCredits credits, Method method, StripeIds atStripe,
            Instant now) {
        this.id = Ids.next();
        this.status = PaymentStatus.PENDING;
        this.terms = terms;
        this.amounts = amounts;
        this.credits = credits;
        this.attempt = new PaymentAttempt(method, now);
        this.completion = new Completion();
        this.atStripe = atStripe;
        this.createdAt = now;
    }

    /** Creates the payment of an order, before Stripe is asked for it; it expires when it {@code ends}. */
    static Transaction of(PaymentOrder order, Method method, StripeIds atStripe, Instant now, @Nullable Instant ends) {
        return new Transaction(PaymentTerms.of(order, ends), PaymentAmounts.of(order), PaymentCredits.of(order), method,
                atStripe,
                now);
    }

    /** Creates another payment for the same order, which Stripe made and nobody asked for. The caller persists it. */
    Transaction another(Instant now) {
        return new Transaction(terms, amounts.again(), credits.again(), attempt.method(),
                new StripeIds(atStripe().customer(), null, atStripe().email()), now);
    }

    // ---- what happens to it

    /** Completes it with the money that Stripe took as agreed. */
    void complete(StripePaymentIntent intent, Instant at) {
        if (!Taken.isAsAgreed(this, intent)) {
            throw new IllegalStateException(intent.id() + " is not the payment that was agreed as " + id);
        }
        take(intent, at);
    }

    /** Completes it with credits, which are deferred. */
    void spend(Instant at) {
        credits.spend(Credits.of(amount()));
        become(PaymentStatus.COMPLETED);
        completion.complete(at);
        attempt.succeed();
    }

    private void take(StripePaymentIntent intent, Instant at) {
        become(PaymentStatus.COMPLETED);
        atStripe().linkPaymentIntent(intent.id());
        atStripe().apply(intent);
        completion.complete(at);
        attempt.succeed();
    }

    /**
     * Completes a payment that Stripe had cancelled before the money moved.
     *
     * @param superseded whether another payment pays, or is about to pay, for its subject
     */
    void completeLate(StripePaymentIntent intent, Instant at, boolean superseded, Instant now) {
        if (status != PaymentStatus.CANCELED) {
            throw new IllegalStateException("A payment that is " + status.column() + " is not late");
        }
        completion.late(superseded, now);
        complete(intent, at);
    }

    /**
     * Completes and holds a payment that differs from what was agreed. Its amounts become what Stripe took; it buys nothing.
     *
     * @param agreed the terms of the order
     */
    void hold(StripePaymentIntent intent, Taken agreed, Instant at, Instant now) {
        Taken taken = Taken.by(intent);
        completion.hold(taken, agreed, status == PaymentStatus.CANCELED, now);
        take(intent, at);
        amounts.take(taken);
    }

    /** Marks it as under way at the payer's bank. */
    void process(StripePaymentIntent intent) {
        become(PaymentStatus.PROCESSING);
        atStripe().apply(intent);
    }

    /** Records that a bank declined it; the payer may try again. */
    void fail(DeclineReason because) {
        become(PaymentStatus.FAILED);
        attempt.fail(because);
    }

    /** Records that Stripe refused the call itself, which no other card would change. */
    void refuse(DeclineReason because, Instant now) {
        become(PaymentStatus.FAILED);
        attempt.refuse(because, now);
    }

    /** Starts another try, after a refusal or by another method. */
    void retry(Method with, @Nullable String savedCard, Instant now) {
        become(PaymentStatus.PENDING);
        atStripe().paymentMethod(savedCard);
        attempt.retry(with, atStripe().isKnown(), now);
    }

    /** Cancels it, once Stripe has confirmed that it cannot succeed. */
    void cancel() {
        become(PaymentStatus.CANCELED);
        attempt.cancel();
    }

    /** Exchanges the payer's customer, and counts to the next key; @throws IllegalStateException once Stripe has the payment */
    void payAs(String customer) {
        atStripe().customer(customer);
        attempt.nextKey();
    }

    /**
     * Sets the sum of all its refunds, and the state that follows from it.
     *
     * @throws IllegalArgumentException for a negative amount or more than was paid
     */
    void refunded(Money total) {
        become(amounts.statusAfter(total));
        amounts.refund(total);
    }

    private void become(PaymentStatus next) {
        status = status == next ? next : Transitions.require("payment", status, next);
    }

    // ---- what it is

    public UUID id() {
        return id;
    }

    public PaymentStatus status() {
        return status;
    }

    public PaymentTerms terms() {
        return terms;
    }

    public PaymentAmounts amounts() {
        return amounts;
    }

    public PaymentCredits credits() {
        return credits;
    }

    /** Whether it was paid with credits, so that Stripe does not know it. */
    public boolean isWithCredits() {
        return attempt.method() == Method.CREDITS;
    }

    public PaymentAttempt attempt() {
        return attempt;
    }

    public Completion completion() {
        return completion;
    }

    /** Its names at Stripe. Of a payment with credits Stripe knows nothing: a part without a value is read as null. */
    public StripeIds atStripe() {
        // Assigned here, it would count as changed, and each reader would update the row.
        return atStripe == null ? new StripeIds(null, null, null) : atStripe;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Money amount() {
        return amounts.price();
    }

    /** @throws IllegalStateException for a payment without a coach */
    public UUID coachId() {
        return terms.coach();
    }

    /** Whether the coach's account is its destination; false for a held payment that reached no account or another one. */
    public boolean reachedCoach() {
        return amounts.account() != null;
    }

    /** {@code acct_…}; @throws IllegalStateException for a payment of which the coach got nothing */
    public String destinationAccount() {
        return amounts.destination();
    }

    public @Nullable String paymentIntent() {
        return atStripe().paymentIntent();
    }
}
