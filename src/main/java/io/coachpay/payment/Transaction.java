package io.coachpay.payment;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.http.NotFound;
import io.coachpay.http.Reference;
import io.coachpay.money.Split;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripePaymentIntent;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** One payment by one payer, failed ones too. */
@Entity
@Table(name = "transactions")
public class Transaction extends PanacheEntityBase {

    /** The payer's way of paying. */
    public enum Method {
        /** On Stripe's own page. */
        CHECKOUT("checkout"),
        /** In the client's form, with the PaymentIntent's client secret. */
        PAYMENT_INTENT("payment_intent"),
        /** With a payment method saved before. */
        SAVED_CARD("saved_card");

        @EnumeratedValue
        private final String column;

        Method(String column) {
            this.column = column;
        }

        /** The method as the database and the API write it. */
        public String column() {
            return column;
        }
    }

    /** The state of a payment. {@code COMPLETED} and the two refunded ones follow from the amount refunded. */
    public enum Status implements Transitions<Status> {
        PENDING("pending"),
        PROCESSING("processing"),
        COMPLETED("completed"),
        FAILED("failed"),
        CANCELED("canceled"),
        PARTIALLY_REFUNDED("partially_refunded"),
        REFUNDED("refunded");

        @EnumeratedValue
        private final String column;

        Status(String column) {
            this.column = column;
        }

        private static final Set<Status> PAID = EnumSet.of(COMPLETED, PARTIALLY_REFUNDED, REFUNDED);

        @Override
        public Set<Status> next() {
            return switch (this) {
                case PENDING -> EnumSet.of(PROCESSING, COMPLETED, FAILED, CANCELED);
                case PROCESSING -> EnumSet.of(COMPLETED, FAILED, CANCELED);
                case FAILED -> EnumSet.of(PENDING, PROCESSING, COMPLETED, CANCELED);
                case COMPLETED -> EnumSet.of(PARTIALLY_REFUNDED, REFUNDED);
                case PARTIALLY_REFUNDED -> EnumSet.of(COMPLETED, REFUNDED);
                case REFUNDED -> EnumSet.of(COMPLETED, PARTIALLY_REFUNDED);
                // Money that arrives after Stripe cancelled the payment is posted all the same.
                case CANCELED -> EnumSet.of(COMPLETED);
            };
        }

        @Override
        public String column() {
            return column;
        }
    }

    @Id
    private UUID id;
    private String type;
    @Enumerated(EnumType.STRING)
    private Status status;
    @Enumerated(EnumType.STRING)
    private Method method;
    @Embedded
    private PaymentAmounts amounts;
    @Column(name = "payer_id")
    private UUID payerId;
    @Column(name = "coach_id")
    private @Nullable UUID coachId;
    /**
     * The column has the name of the only purpose so far; another purpose gets a column and a foreign key of its own.
     */
    @Column(name = "session_id")
    private UUID subjectId;
    @Column(name = "destination_account")
    private @Nullable String destinationAccount;
    @Column(name = "on_behalf_of")
    private boolean onBehalfOf;
    private int attempt;
    @Column(name = "expires_at")
    private Instant expiresAt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "stripe_as_of")
    private @Nullable Instant stripeAsOf;
    @Column(name = "completed_at")
    private @Nullable Instant completedAt;
    @Column(name = "refused_at")
    private @Nullable Instant refusedAt;
    @Column(name = "late_at")
    private @Nullable Instant lateAt;
    private boolean surplus;
    @Column(name = "held_at")
    private @Nullable Instant heldAt;
    private @Nullable String mismatch;
    @Embedded
    private StripeIds atStripe;
    @Embedded
    private @Nullable DeclineReason failure;
    private String description;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Transaction() {
    }

    /**
     * Creates the payment of an order, before Stripe is asked for it.
     *
     * @param ends when the payment expires
     */
    @SuppressWarnings("NullAway.Init")
    static Transaction of(PaymentOrder order, Method method, String customer, @Nullable String savedCard, Instant now,
            Instant ends) {
        PaymentOrder.Destination destination = order.destination();
        Transaction transaction = new Transaction();
        transaction.id = Ids.next();
        transaction.type = order.purpose().column();
        transaction.status = Status.PENDING;
        transaction.method = method;
        transaction.amounts = PaymentAmounts.of(order.price(), destination == null ? null : destination.fee());
        transaction.payerId = order.payerId();
        transaction.coachId = destination == null ? null : destination.coachId();
        transaction.subjectId = order.subjectId();
        transaction.destinationAccount = destination == null ? null : destination.account();
        transaction.onBehalfOf = destination != null && destination.onBehalfOf();
        transaction.attempt = 1;
        transaction.expiresAt = ends;
        transaction.checkAt = now.plus(FIRST_CHECK);
        transaction.atStripe = new StripeIds(customer, savedCard);
        transaction.description = order.description();
        transaction.createdAt = now;
        return transaction;
    }

    /** A request that is still open after this time was cut off. */
    private static final Duration FIRST_CHECK = Duration.ofSeconds(30);

    // ---- what happens to it

    /** Keeps the id of its PaymentIntent. */
    void linkPaymentIntent(String paymentIntent) {
        atStripe.paymentIntent(paymentIntent);
    }

    /** Keeps the id of its Checkout Session. */
    void linkCheckoutSession(String checkoutSession) {
        atStripe.checkoutSession(checkoutSession);
    }

    /** Completes it with the money that Stripe took as agreed. */
    void complete(StripePaymentIntent intent, Instant at) {
        if (!isAsAgreed(intent)) {
            throw new IllegalStateException(intent.id() + " is not the payment that was agreed as " + id);
        }
        take(intent, at);
    }

    private void take(StripePaymentIntent intent, Instant at) {
        become(Status.COMPLETED);
        linkPaymentIntent(intent.id());
        completedAt = at;
        atStripe.apply(intent);
        failure = null;
        refusedAt = null;
        checkAt = null;
    }

    /**
     * Completes a payment that Stripe had cancelled before the money moved.
     *
     * @param superseded whether another payment pays, or is about to pay, for its subject
     */
    void completeLate(StripePaymentIntent intent, Instant at, boolean superseded, Instant now) {
        if (status != Status.CANCELED) {
            throw new IllegalStateException("A payment that is " + status.column() + " is not late");
        }
        lateAt = now;
        surplus = superseded;
        complete(intent, at);
    }

    /** Answers whether Stripe took the agreed amount and fee for the agreed account. */
    boolean isAsAgreed(StripePaymentIntent intent) {
        return Taken.by(intent).isLike(agreed());
    }

    /**
     * Completes and holds a payment that differs from what was agreed. Its amounts become what Stripe took; it buys nothing.
     *
     * @param agreed the terms of the order
     */
    void hold(StripePaymentIntent intent, Taken agreed, Instant at, Instant now) {
        Taken taken = Taken.by(intent);
        mismatch = "taken " + taken.inWords() + ", agreed " + agreed.inWords();
        heldAt = now;
        lateAt = status == Status.CANCELED ? now : null;
        take(intent, at);
        boolean reached = taken.isFor(destinationAccount);
        amounts.take(taken, reached);
        destinationAccount = reached ? destinationAccount : null;
    }

    /** The agreed terms; of a held payment, what Stripe took. */
    Taken agreed() {
        return new Taken(amount(), platformFee(), destinationAccount, false, paymentIntent());
    }

    /**
     * Creates another payment for the same order, which Stripe made and the service did not ask for. The caller persists it.
     */
    @SuppressWarnings("NullAway.Init")
    Transaction another(Instant now) {
        Transaction other = new Transaction();
        other.id = Ids.next();
        other.type = type;
        other.status = Status.PENDING;
        other.method = method;
        other.amounts = amounts.again();
        other.payerId = payerId;
        other.coachId = coachId;
        other.subjectId = subjectId;
        other.destinationAccount = destinationAccount;
        other.onBehalfOf = onBehalfOf;
        other.attempt = 1;
        other.expiresAt = expiresAt;
        other.atStripe = new StripeIds(customer(), null);
        other.description = description;
        other.createdAt = now;
        return other;
    }

    /** Marks it as under way at the payer's bank. */
    void process(StripePaymentIntent intent) {
        become(Status.PROCESSING);
        atStripe.apply(intent);
    }

    /** Records that a bank declined it; the payer may try again. */
    void fail(DeclineReason because) {
        become(Status.FAILED);
        failure = because;
        refusedAt = null;
    }

    /** Records that Stripe refused the call itself, which no other card would change. */
    void refuse(DeclineReason because, Instant now) {
        fail(because);
        refusedAt = now;
    }

    /**
     * Starts another try, after a refusal or by another method. What Stripe has refused needs another key; events from before
     * this moment are about an earlier try.
     */
    void retry(Method with, @Nullable String savedCard, Instant now) {
        become(Status.PENDING);
        stripeAsOf = now;
        refusedAt = null;
        method = with;
        atStripe.paymentMethod(savedCard);
        if (isAtStripe()) {
            attempt++;
        }
    }

    /** Cancels it, once Stripe has confirmed that it cannot succeed. */
    void cancel() {
        become(Status.CANCELED);
        checkAt = null;
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    /**
     * Exchanges the payer's customer at Stripe, and counts to the next key.
     *
     * @throws IllegalStateException once the payment is at Stripe
     */
    void payAs(String customer) {
        if (isAtStripe()) {
            throw new IllegalStateException("Payment " + id + " is at Stripe, where its customer cannot be exchanged");
        }
        atStripe.customer(customer);
        attempt++;
    }

    /** Schedules the next check at Stripe. */
    void checkNext(Instant at) {
        checkAt = at;
    }

    /** Mirrors the ids that only the charge has. */
    void charged(String charge, @Nullable String transfer, @Nullable String applicationFee, @Nullable String methodType) {
        atStripe.apply(charge, transfer, applicationFee, methodType);
    }

    /**
     * Sets the sum of all its refunds, and the state that follows from it.
     *
     * @throws IllegalArgumentException for a negative amount or more than was paid
     */
    void refunded(Money total) {
        amounts.requirePart(total, "refunded");
        become(total.isZero() ? Status.COMPLETED : total.isEqual(amount()) ? Status.REFUNDED : Status.PARTIALLY_REFUNDED);
        amounts.refund(total);
    }

    /**
     * Sets what is owed to the payer in all, including what was refunded before.
     *
     * @param why for the books
     * @throws IllegalArgumentException for a negative amount or more than was paid
     */
    public void owe(Money due, String why) {
        amounts.owe(due, why);
    }

    /**
     * Accepts news of Stripe's unless it is stale; times of events are whole seconds.
     *
     * @return whether nothing newer was known
     */
    boolean acceptIfNewer(Instant asOf) {
        Instant second = asOf.truncatedTo(ChronoUnit.SECONDS);
        boolean news = stripeAsOf == null || !second.isBefore(stripeAsOf);
        if (news) {
            stripeAsOf = second;
        }
        return news;
    }

    private void become(Status next) {
        status = status == next ? next : Transitions.require("payment", status, next);
    }

    // ---- what it is

    public UUID id() {
        return id;
    }

    /** The purpose as the database and the API write it, also one that only a later release knows. */
    public String type() {
        return type;
    }

    /** @throws IllegalArgumentException for a purpose that only a later release knows */
    public Purpose purpose() {
        return Purpose.of(type);
    }

    /** The id of the session, or of whatever else its purpose is about. */
    public UUID subjectId() {
        return subjectId;
    }

    public Status status() {
        return status;
    }

    public Method method() {
        return method;
    }

    /** Whether another payment had paid for its subject when it completed late. It buys nothing, and is refunded. */
    public boolean isSurplus() {
        return surplus;
    }

    /** Whether it differs from what was agreed. It buys nothing, and is to be refunded. */
    public boolean isHeld() {
        return heldAt != null;
    }

    /** The terms taken and agreed, as text; null for a payment that is as agreed. */
    @Nullable
    String mismatch() {
        return mismatch;
    }

    /** The moment of the payment by Stripe's clock; null before. */
    public @Nullable Instant completedAt() {
        return completedAt;
    }

    /** Whether the payer has paid, including payments that were refunded since. */
    public boolean isPaid() {
        return Status.PAID.contains(status);
    }

    public Money amount() {
        return amounts.price();
    }

    public Money platformFee() {
        return amounts.fee();
    }

    public Money coachPayout() {
        return amounts.payout();
    }

    /**
     * Price, fee and payout as frozen at booking. A held payment is split as Stripe did; if nothing reached the coach, all of
     * it is the platform's.
     */
    public Split split() {
        return amounts.split(reachedCoach());
    }

    /** The amount owed to the payer in all, including what the bank took; empty while nothing is owed. */
    public Optional<Money> refundDue() {
        return amounts.due();
    }

    /** The reason for {@link #refundDue}; null while nothing is owed. */
    public @Nullable String refundDueReason() {
        return amounts.dueReason();
    }

    public Money refundedAmount() {
        return amounts.refunded();
    }

    /** The amount that the payer's bank holds because of disputes, a sum that the database keeps. */
    public Money disputedAmount() {
        return amounts.disputed();
    }

    /** The part of {@link #disputedAmount} that the bank has decided to give to the payer. */
    public Money lostAmount() {
        return amounts.lost();
    }

    /** Whether the payer's bank holds money of it and has not decided about that. */
    public boolean isDisputed() {
        return disputedAmount().isGreaterThan(lostAmount());
    }

    public UUID payerId() {
        return payerId;
    }

    /** @throws IllegalStateException for a payment without a coach */
    public UUID coachId() {
        if (coachId == null) {
            throw new IllegalStateException("Payment " + id + " is for no coach");
        }
        return coachId;
    }

    /** Whether this user is its payer or its coach. */
    boolean isBetween(UUID user) {
        return user.equals(payerId) || user.equals(coachId);
    }

    /** The session it pays for. */
    public UUID sessionId() {
        return subjectId;
    }

    /** Whether the coach's account is its destination; false for a held payment that reached no account or another one. */
    public boolean reachedCoach() {
        return destinationAccount != null;
    }

    /** {@code acct_…}; @throws IllegalStateException for a payment of which the coach got nothing */
    public String destinationAccount() {
        if (destinationAccount == null) {
            throw new IllegalStateException("Nothing of payment " + id + " went to its coach");
        }
        return destinationAccount;
    }

    boolean onBehalfOf() {
        return onBehalfOf;
    }

    /** The end of the payment: the payer cannot pay after it. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** Whether it has expired. */
    public boolean isOver(Instant now) {
        return !expiresAt.isAfter(now);
    }

    Instant checkAt() {
        return checkAt == null ? createdAt : checkAt;
    }

    public @Nullable String paymentIntent() {
        return atStripe.paymentIntent();
    }

    public @Nullable String charge() {
        return atStripe.charge();
    }

    /** {@code fee_…}; null for a payment without a fee, and until Stripe reports it. */
    public @Nullable String applicationFee() {
        return atStripe.applicationFee();
    }

    /** Whether this PaymentIntent is not the known one. */
    boolean isOther(String paymentIntent) {
        return atStripe.paymentIntent() != null && !atStripe.paymentIntent().equals(paymentIntent);
    }

    /** Whether its PaymentIntent or Checkout Session is known. */
    public boolean isAtStripe() {
        return atStripe.paymentIntent() != null || atStripe.checkoutSession() != null;
    }

    @Nullable
    String checkoutSession() {
        return atStripe.checkoutSession();
    }

    String customer() {
        return atStripe.customer();
    }

    @Nullable
    String savedCard() {
        return atStripe.paymentMethod();
    }

    /** Whether it is being paid by this method. Once Stripe was asked, another card needs a refusal of the first. */
    public boolean isTriedWith(Method way, @Nullable String card) {
        return status != Status.FAILED && method == way && (isAtStripe() || Objects.equals(savedCard(), card));
    }

    /** Whether Stripe refused the call itself. Its message is not for the payer, unlike a bank's decline. */
    public boolean isRefusedByStripe() {
        return refusedAt != null;
    }

    /** The reason of the last refusal; null without one. */
    public @Nullable DeclineReason failure() {
        return failure;
    }

    String description() {
        return description;
    }

    int attempt() {
        return attempt;
    }

    public Instant createdAt() {
        return createdAt;
    }

    // ---- where it is found

    static Transaction known(UUID id) {
        return Transaction.<Transaction> findByIdOptional(id).orElseThrow(() -> new NotFound("transaction"));
    }

    /** Finds the payment and locks it until the database transaction ends. */
    public static Optional<Transaction> locked(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /**
     * Finds and locks the payment that an object of Stripe's belongs to, by our id in its metadata or else by its
     * PaymentIntent.
     * A PaymentIntent that no payment has falls back on our id.
     *
     * @param metadataId the object's {@code coachpay_id} or transfer group; null or another system's id if it is not ours
     */
    public static Optional<Transaction> locked(@Nullable String metadataId, @Nullable String paymentIntent) {
        Optional<Transaction> named = uuid(metadataId).flatMap(Transaction::locked);
        if (paymentIntent == null || named.isPresent() && !named.get().isOther(paymentIntent)) {
            return named;
        }
        return Transaction.<Transaction> find("atStripe.paymentIntent", paymentIntent).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional().or(() -> named);
    }

    /** Finds the payment by our id, or by Stripe's of the PaymentIntent, the charge or the Checkout Session. */
    static Optional<Transaction> named(Reference reference) {
        return reference.find(id -> Transaction.<Transaction> findByIdOptional(id), Transaction::ofStripeId);
    }

    private static Optional<Transaction> ofStripeId(String stripeId) {
        String field = stripeId.startsWith("pi_") ? "paymentIntent" : stripeId.startsWith("cs_") ? "checkoutSession" : "charge";
        return find("atStripe." + field, stripeId).firstResultOptional();
    }

    private static Optional<UUID> uuid(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Finds the payment of a charge and locks it. */
    public static Optional<Transaction> lockedByCharge(String charge) {
        return Transaction.<Transaction> find("atStripe.charge", charge).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** Finds the payment of an application fee and locks it. */
    public static Optional<Transaction> lockedByApplicationFee(String fee) {
        return Transaction.<Transaction> find("atStripe.applicationFee", fee).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** Finds the one payment for a subject that may still buy it, or has. */
    public static Optional<Transaction> liveOf(Purpose purpose, UUID subjectId) {
        return find("type = ?1 and subjectId = ?2 and status <> CANCELED and not surplus and heldAt is null",
                purpose.column(), subjectId).firstResultOptional();
    }

    static Optional<Transaction> byPaymentIntent(String paymentIntent) {
        return find("atStripe.paymentIntent", paymentIntent).firstResultOptional();
    }

    static List<UUID> due(Instant now, int most) {
        return find("select id from Transaction where checkAt <= ?1 and status in (PENDING, PROCESSING) order by checkAt",
                now)
                .project(UUID.class).page(0, most).list();
    }
}
