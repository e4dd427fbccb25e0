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
import io.coachpay.stripe.StripePaymentIntent;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** One payment by one payer, failed ones too. */
@Entity
@Table(name = "transactions")
public class Transaction extends PanacheEntityBase {

    /** How the payer pays. */
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

    /** Where a payment stands. {@code COMPLETED} and the two after it follow from how much was refunded. */
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
                // The edge of last resort: money that comes although Stripe had ended the payment is booked all the same.
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
     * The column is named after the only purpose there is; what else will be paid for gets a column and a foreign key of its
     * own.
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
     * A payment of what was ordered, about to be begun at Stripe.
     *
     * @param ends when the payment itself ends
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

    /** A request that has not finished by then was cut off. */
    private static final Duration FIRST_CHECK = Duration.ofSeconds(30);

    // ---- what happens to it

    /** Stripe knows it now under this id. */
    void linkPaymentIntent(String paymentIntent) {
        atStripe.paymentIntent(paymentIntent);
    }

    /** Stripe's payment page for it is open. */
    void linkCheckoutSession(String checkoutSession) {
        atStripe.checkoutSession(checkoutSession);
    }

    /** The money moved as agreed. */
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
     * The money moved although Stripe had ended the payment before.
     *
     * @param superseded whether what it was for is paid, or being paid, by another one
     */
    void completeLate(StripePaymentIntent intent, Instant at, boolean superseded, Instant now) {
        if (status != Status.CANCELED) {
            throw new IllegalStateException("A payment that is " + status.column() + " is not late");
        }
        lateAt = now;
        surplus = superseded;
        complete(intent, at);
    }

    /** Whether Stripe took what was agreed, for whom it was agreed. */
    boolean isAsAgreed(StripePaymentIntent intent) {
        return Taken.by(intent).isLike(agreed());
    }

    /**
     * The money moved otherwise than was agreed. From now on the payment is what Stripe took; it buys nothing.
     *
     * @param agreed what was agreed about the order
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

    /** What was agreed, until something else was taken. */
    Taken agreed() {
        return new Taken(amount(), platformFee(), destinationAccount, false, paymentIntent());
    }

    /** Another payment for the same order, which nobody here has begun; not written down yet. */
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

    /** The bank takes its time. */
    void process(StripePaymentIntent intent) {
        become(Status.PROCESSING);
        atStripe.apply(intent);
    }

    /** The card was refused; another one may be tried. */
    void fail(DeclineReason because) {
        become(Status.FAILED);
        failure = because;
        refusedAt = null;
    }

    /** Stripe refused what was asked for it, which is not the card's fault. */
    void refuse(DeclineReason because, Instant now) {
        fail(because);
        refusedAt = now;
    }

    /**
     * It is being tried in another way, or again after a refusal; what Stripe has refused needs another key. What Stripe said
     * before speaks of an earlier try.
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

    /** Stripe confirmed that it will never succeed. */
    void cancel() {
        become(Status.CANCELED);
        checkAt = null;
    }

    /** The key of that attempt is spent: the next call needs another, unless somebody has counted on already. */
    void nextAttempt(int after) {
        if (attempt == after) {
            attempt++;
        }
    }

    /** The payer is another customer at Stripe now, which the next call says under the next key. */
    void payAs(String customer) {
        if (isAtStripe()) {
            throw new IllegalStateException("Payment " + id + " is at Stripe, where its customer cannot be exchanged");
        }
        atStripe.customer(customer);
        attempt++;
    }

    /** Nothing more has to be asked about it before then. */
    void checkNext(Instant at) {
        checkAt = at;
    }

    /** What the charge tells beyond the PaymentIntent. */
    void charged(String charge, @Nullable String transfer, @Nullable String applicationFee, @Nullable String methodType) {
        atStripe.apply(charge, transfer, applicationFee, methodType);
    }

    /**
     * So much of it went back, all refunds together.
     *
     * @throws IllegalArgumentException for less than nothing or more than was paid
     */
    void refunded(Money total) {
        amounts.requirePart(total, "refunded");
        become(total.isZero() ? Status.COMPLETED : total.isEqual(amount()) ? Status.REFUNDED : Status.PARTIALLY_REFUNDED);
        amounts.refund(total);
    }

    /**
     * The payer is to have so much of it back in all, however much that has gone back before.
     *
     * @param why for the books
     * @throws IllegalArgumentException for less than nothing or more than was paid
     */
    public void owe(Money due, String why) {
        amounts.owe(due, why);
    }

    /**
     * Stripe said something of it, which was so at that time; times of events are whole seconds.
     *
     * @return whether nothing later was known
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

    /** The purpose as the database and the API write it, one of a later release too. */
    public String type() {
        return type;
    }

    /** What it is for. */
    public Purpose purpose() {
        return Purpose.of(type);
    }

    /** Which one of its purpose it pays for. */
    public UUID subjectId() {
        return subjectId;
    }

    public Status status() {
        return status;
    }

    public Method method() {
        return method;
    }

    /** Whether it came late, when what it was for was paid, or being paid, by another: then it buys nothing, and goes back. */
    public boolean isSurplus() {
        return surplus;
    }

    /** Whether it is not the payment agreed: then it buys nothing, and is to go back. */
    public boolean isHeld() {
        return heldAt != null;
    }

    /** What was taken and what was agreed; null for a payment that is as agreed. */
    @Nullable
    String mismatch() {
        return mismatch;
    }

    /** When the money moved, by Stripe's clock; null while it has not. */
    public @Nullable Instant completedAt() {
        return completedAt;
    }

    /** Whether the payer has paid, whatever was refunded since. */
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
     * Price, fee and payout, as frozen when the session was booked; of a held payment as Stripe divided it, all of it the
     * platform's if nothing reached the coach.
     */
    public Split split() {
        return amounts.split(reachedCoach());
    }

    /** What the payer is to have back in all, what the bank took included; empty while nobody owes anything. */
    public Optional<Money> refundDue() {
        return amounts.due();
    }

    /** Why the payer is to have that back; null while nobody owes anything. */
    public @Nullable String refundDueReason() {
        return amounts.dueReason();
    }

    public Money refundedAmount() {
        return amounts.refunded();
    }

    /** What the payer's bank took back for disputes and has not given back, by the sum that the database keeps. */
    public Money disputedAmount() {
        return amounts.disputed();
    }

    /** What of {@link #disputedAmount} the bank has decided about, so that the payer keeps it. */
    public Money lostAmount() {
        return amounts.lost();
    }

    /** Whether a payer's bank has money of it, and has not decided who keeps that. */
    public boolean isDisputed() {
        return disputedAmount().isGreaterThan(lostAmount());
    }

    public UUID payerId() {
        return payerId;
    }

    /** @throws IllegalStateException for a payment that the platform keeps */
    public UUID coachId() {
        if (coachId == null) {
            throw new IllegalStateException("Payment " + id + " is for no coach");
        }
        return coachId;
    }

    /** Whether this is its payer, or its coach. */
    boolean isBetween(UUID user) {
        return user.equals(payerId) || user.equals(coachId);
    }

    /** The session it pays for. */
    public UUID sessionId() {
        return subjectId;
    }

    /** Whether the coach's account got its part, or is to: not of a held payment that went nowhere or elsewhere. */
    public boolean reachedCoach() {
        return destinationAccount != null;
    }

    /** @throws IllegalStateException for a payment of which the coach got nothing */
    public String destinationAccount() {
        if (destinationAccount == null) {
            throw new IllegalStateException("Nothing of payment " + id + " went to its coach");
        }
        return destinationAccount;
    }

    boolean onBehalfOf() {
        return onBehalfOf;
    }

    /** When the payment itself ends: whoever has not paid by then is not let. */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** Whether its time has passed. */
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

    /** {@code fee_…}; null for a payment without a fee, and until Stripe has told of it. */
    public @Nullable String applicationFee() {
        return atStripe.applicationFee();
    }

    /** Whether this is another payment at Stripe than the one known. */
    boolean isOther(String paymentIntent) {
        return atStripe.paymentIntent() != null && !atStripe.paymentIntent().equals(paymentIntent);
    }

    /** Whether something of it is known to exist at Stripe. */
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

    /** Whether it is being paid in this way; once Stripe has been asked, a card is not exchanged before it was refused. */
    public boolean isTriedWith(Method way, @Nullable String card) {
        return status != Status.FAILED && method == way && (isAtStripe() || Objects.equals(savedCard(), card));
    }

    /** Whether Stripe refused the call itself, rather than a bank the card: what it said is not for the payer. */
    public boolean isRefusedByStripe() {
        return refusedAt != null;
    }

    /** Why its last attempt was refused. */
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

    /** The transaction, locked until the end of ours. */
    public static Optional<Transaction> locked(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /**
     * The transaction that an object at Stripe belongs to, locked until the end of ours: by our id in its metadata, or else by
     * the payment it names. Where that is another than the one we know under our id, and unknown, it is still the one of our
     * id.
     *
     * @param metadataId the object's {@code coachpay_id} or transfer group; null or anybody else's when it has none of ours
     */
    public static Optional<Transaction> locked(@Nullable String metadataId, @Nullable String paymentIntent) {
        Optional<Transaction> named = uuid(metadataId).flatMap(Transaction::locked);
        if (paymentIntent == null || named.isPresent() && !named.get().isOther(paymentIntent)) {
            return named;
        }
        return Transaction.<Transaction> find("atStripe.paymentIntent", paymentIntent).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional().or(() -> named);
    }

    /** The transaction by our id or by one of Stripe's: the payment's, the charge's, the visit's to the page. */
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

    /** The transaction that a charge belongs to, locked until the end of ours. */
    public static Optional<Transaction> lockedByCharge(String charge) {
        return Transaction.<Transaction> find("atStripe.charge", charge).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** The transaction that an application fee was taken from, locked until the end of ours. */
    public static Optional<Transaction> lockedByApplicationFee(String fee) {
        return Transaction.<Transaction> find("atStripe.applicationFee", fee).withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** The one payment for a subject that was not cancelled, and may buy it. */
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
