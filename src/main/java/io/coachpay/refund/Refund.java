package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
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

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.access.Transitions;
import io.coachpay.http.Reference;
import io.coachpay.payment.Transaction;
import io.coachpay.stripe.StripeRefund;
import io.coachpay.transfer.Decision;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/**
 * A part or all of a payment on its way back to the payer. It is looked after until nothing more follows from it: asked of
 * Stripe, followed while it is on its way, and then seen to once more, for what the coach has to give or to get back.
 */
@Entity
@Table(name = "refunds")
public class Refund extends PanacheEntityBase {

    /** The reason on those that somebody made in Stripe's dashboard. */
    static final String DASHBOARD = "stripe_dashboard";

    /** Why Stripe refused one: meanwhile less was left of the payment. */
    static final String TOO_MUCH = "exceeds_remainder";

    /** Why Stripe refused one: the payer's bank had taken the money. */
    static final String DISPUTED = "payment_disputed";

    /** Why one is refused that nobody wants any more. */
    static final String WITHDRAWN = "withdrawn";

    private static final String REPAY = "repay";

    /** How the codes end of those that wait for some balance. */
    private static final String SHORT = "balance_insufficient";

    /** Whoever asks Stripe for one puts its next turn off by so much, and is followed by another after it. */
    static final Duration CALL_LASTS = Duration.ofMinutes(1);

    /** How far it is. Even a succeeded one may fail later. */
    public enum Status implements Transitions<Status> {
        REQUESTED("requested"),
        REFUSED("refused"),
        PENDING("pending"),
        REQUIRES_ACTION("requires_action"),
        SUCCEEDED("succeeded"),
        FAILED("failed"),
        CANCELED("canceled");

        @EnumeratedValue
        private final String column;

        Status(String column) {
            this.column = column;
        }

        /**
         * The states that may follow this one; nothing else ever does. What Stripe refused may be asked for again, or turn out
         * to have been made.
         */
        @Override
        public Set<Status> next() {
            return switch (this) {
                case REFUSED -> EnumSet.of(REQUESTED, PENDING, REQUIRES_ACTION, SUCCEEDED, FAILED, CANCELED);
                case REQUESTED -> EnumSet.of(REFUSED, PENDING, REQUIRES_ACTION, SUCCEEDED, FAILED, CANCELED);
                case PENDING -> EnumSet.of(REQUIRES_ACTION, SUCCEEDED, FAILED, CANCELED);
                case REQUIRES_ACTION -> EnumSet.of(PENDING, SUCCEEDED, FAILED, CANCELED);
                case SUCCEEDED -> EnumSet.of(FAILED);
                case FAILED, CANCELED -> EnumSet.noneOf(Status.class);
            };
        }

        /** Whether the payer has the money, or may still get it. */
        public boolean isLive() {
            return switch (this) {
                case REQUESTED, PENDING, REQUIRES_ACTION, SUCCEEDED -> true;
                case REFUSED, FAILED, CANCELED -> false;
            };
        }

        @Override
        public String column() {
            return column;
        }
    }

    @Id
    private UUID id;
    @Column(name = "transaction_id")
    private UUID transactionId;
    @Column(name = "stripe_refund_id")
    private @Nullable String stripeRefundId;
    @Embedded
    private Amount amount;
    @Enumerated(EnumType.STRING)
    private Status status;
    private String reason;
    @Column(name = "requested_by")
    private @Nullable UUID requestedBy;
    @Column(name = "request_id", updatable = false)
    private @Nullable UUID requestId;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    @Column(name = "pending_reason")
    private @Nullable String pendingReason;
    private @Nullable BigDecimal repaid;
    @Column(name = "borne_alone")
    private boolean borneAlone;
    @Column(name = "coach_short_since")
    private @Nullable Instant coachShortSince;
    private @Nullable Decision decision;
    @Column(name = "decision_reason")
    private @Nullable String decisionReason;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Refund() {
    }

    @SuppressWarnings("NullAway.Init")
    static Refund of(Transaction transaction, Money amount, String reason, @Nullable UUID requestedBy, @Nullable UUID request,
            Instant now) {
        Refund refund = new Refund();
        refund.id = Ids.next();
        refund.transactionId = transaction.id();
        refund.amount = Amount.of(amount);
        refund.status = Status.REQUESTED;
        refund.reason = reason;
        refund.requestedBy = requestedBy;
        refund.requestId = request;
        refund.attempt = 1;
        refund.checkAt = now;
        refund.createdAt = now;
        if (!transaction.reachedCoach()) {
            refund.bearAlone("The payment is held, and its coach got nothing of it");
        }
        return refund;
    }

    /** Stripe knows it under this id. */
    void begun(String stripeId) {
        stripeRefundId = stripeId;
    }

    /** Takes over what Stripe says; a state that cannot follow is an older one, and changes nothing. */
    void apply(StripeRefund refund, Instant now) {
        begun(refund.id());
        Status told = switch (refund.status()) {
            case PENDING -> Status.PENDING;
            case REQUIRES_ACTION -> Status.REQUIRES_ACTION;
            case SUCCEEDED -> Status.SUCCEEDED;
            case FAILED -> Status.FAILED;
            case CANCELED -> Status.CANCELED;
            case UNKNOWN -> status;
        };
        Status before = status;
        status = Transitions.acceptIfReachable(before, told);
        if (status != before) {
            failureCode = refund.failureReason();
            failureMessage = borneAlone ? failureMessage : null;
            checkAt = now;
        }
        pendingReason = status == Status.PENDING ? refund.pendingReason() : null;
    }

    /** Stripe refused it for good; why may be found out later. */
    void refuse(@Nullable String code, @Nullable String message) {
        status = Transitions.acceptIfReachable(status, Status.REFUSED);
        if (status == Status.REFUSED) {
            failureCode = code;
            failureMessage = message == null ? failureMessage : message;
            checkAt = null;
        }
    }

    /** It failed, and so much of what it had taken goes to the coach again. That is said once. */
    void repay(Money toCoach) {
        if (!isUndone() || repaid != null) {
            throw new IllegalStateException("Refund " + id + " is " + status + ", and has given back " + repaid);
        }
        repaid = toCoach.getAmount();
    }

    /** An administrator has said so, and why. */
    void decideRepayment(String why, UUID by, Instant now) {
        decision = new Decision(REPAY, by, now);
        decisionReason = why;
    }

    /** Whether an administrator has said so much already. */
    boolean isRepaidBySomebody(Money toCoach) {
        return decision != null && decision.what().equals(REPAY) && toCoach.equals(repaid());
    }

    /**
     * Some balance does not hold it yet: asked for again then, with another key, since Stripe may keep its answer to this one.
     *
     * @param asked the attempt that Stripe answered
     * @param next when it was due while Stripe was asked; had funds arrived meanwhile, it is due earlier, and stays so
     * @return whether it waits because of that; not where it has gone on from that attempt
     */
    boolean waitForFunds(int asked, String code, @Nullable String message, @Nullable Instant next, Instant until) {
        if (!isAt(asked)) {
            return false;
        }
        failureCode = code;
        failureMessage = message;
        attempt++;
        boolean woken = checkAt != null && next != null && checkAt.isBefore(next);
        checkAt = woken ? checkAt : until;
        return true;
    }

    /**
     * Whether nobody has concluded anything yet from Stripe's answer to this attempt. Several may hear that answer, and only
     * the first takes another key because of it.
     */
    boolean isAt(int asked) {
        return status == Status.REQUESTED && attempt == asked;
    }

    /** The coach's account cannot give its part; the answer is since when. */
    Instant coachIsShort(Instant now) {
        coachShortSince = coachShortSince == null ? now : coachShortSince;
        return coachShortSince;
    }

    /** An administrator wants it asked for again at once. */
    void retry(UUID by, Instant now) {
        requireAskedInVain();
        // One that was withdrawn may be under way under its key; Stripe's refusal of any other is known.
        askAgain(!isWithdrawn(), now);
        failureMessage = null;
        decision = new Decision("retry", by, now);
    }

    /**
     * An administrator does not want it any more, or not to be found any more. Should Stripe have made it after all, that is
     * booked as any other.
     */
    void withdraw(UUID by, Instant now) {
        requireAskedInVain();
        if (isWithdrawn()) {
            throw new RefundRefused.NotToBeDecided(status);
        }
        if (status == Status.REFUSED) {
            // Stripe keeps that answer for its key.
            spendKey();
        }
        refuse(WITHDRAWN, null);
        decision = new Decision("withdraw", by, now);
    }

    /**
     * An administrator decides that nothing is taken from the coach for it. That is another call than the one which may be
     * under way, and Stripe would make both.
     *
     * @throws RefundRefused.BeingAsked while Stripe's answer to the last call is not known
     */
    void platformPays(UUID by, Instant now) {
        requireAskedInVain();
        if (mayBeUnderWay(now)) {
            throw new RefundRefused.BeingAsked();
        }
        askAgain(true, now);
        bearAlone("An administrator decided that the platform pays");
        decision = new Decision("platform_pays", by, now);
    }

    private void requireAskedInVain() {
        if (stripeRefundId != null || status != Status.REQUESTED && status != Status.REFUSED) {
            throw new RefundRefused.NotToBeDecided(status);
        }
    }

    /** What was not refused keeps its key: under another, Stripe would make it beside the call that may be under way. */
    private void askAgain(boolean answered, Instant now) {
        if (status == Status.REFUSED) {
            status = Status.REQUESTED;
            coachShortSince = null;
            attempt += answered ? 1 : 0;
        }
        failureCode = null;
        checkAt = now;
    }

    private boolean mayBeUnderWay(Instant now) {
        return status == Status.REQUESTED ? !restsAt(now)
                : isWithdrawn() && decision != null && decision.at().plus(CALL_LASTS).isAfter(now);
    }

    private boolean isWithdrawn() {
        return WITHDRAWN.equals(failureCode);
    }

    /**
     * Whether it waits for funds and nobody asks Stripe for it at this moment: whoever does has put its next turn off by
     * {@link #CALL_LASTS} at most.
     */
    boolean restsAt(Instant now) {
        return status == Status.REQUESTED && failureCode != null && failureCode.endsWith(SHORT) && checkAt != null
                && checkAt.isAfter(now.plus(CALL_LASTS));
    }

    /**
     * The platform alone pays it: Stripe lets nothing be taken from the coach's account, or the payer would wait for it too
     * long. It is asked for again, with another key than any under which the coach's part was asked for.
     */
    void bearAlone(@Nullable String why) {
        if (!borneAlone && status == Status.REQUESTED) {
            borneAlone = true;
            failureCode = null;
            failureMessage = why;
        }
    }

    /** Nothing more follows from it, unless Stripe changes it. */
    void settle() {
        checkAt = null;
    }

    /** The key of the last call is spent: the next call needs another. */
    void spendKey() {
        attempt++;
    }

    void checkNext(Instant at) {
        checkAt = at;
    }

    public UUID id() {
        return id;
    }

    UUID transactionId() {
        return transactionId;
    }

    /** {@code re_…}; null until Stripe is known to have it. */
    @Nullable
    String stripeId() {
        return stripeRefundId;
    }

    public Money amount() {
        return amount.money();
    }

    public Status status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    /** Why Stripe refused it or could not bring it to the payer. */
    public @Nullable String failureCode() {
        return failureCode;
    }

    /** Why it is pending, as Stripe says, such as {@code insufficient_funds}; null for any other. */
    @Nullable
    String pendingReason() {
        return pendingReason;
    }

    @Nullable
    String failureMessage() {
        return failureMessage;
    }

    @Nullable
    Instant checkAt() {
        return checkAt;
    }

    boolean isBorneAlone() {
        return borneAlone;
    }

    /** What of it a failed one gave back to its coach; null while that is not decided, and of any other. */
    @Nullable
    Money repaid() {
        return repaid == null ? null : amount.inCurrency(repaid);
    }

    /** Whether its money came back, or never left. */
    boolean isUndone() {
        return status == Status.FAILED || status == Status.CANCELED;
    }

    /** Whether something may still follow from it. */
    boolean isUnsettled() {
        return checkAt != null;
    }

    int attempt() {
        return attempt;
    }

    public Instant createdAt() {
        return createdAt;
    }

    static Optional<Refund> locked(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    static Optional<Refund> ofRequest(UUID request) {
        return find("requestId", request).firstResultOptional();
    }

    /** One by our id or by Stripe's, {@code re_…}. */
    static Optional<Refund> named(Reference reference) {
        return reference.find(id -> Refund.<Refund> findByIdOptional(id),
                stripeId -> Refund.<Refund> find("stripeRefundId", stripeId).firstResultOptional());
    }

    /** Everybody's, or those of one state, newest first. */
    static List<Refund> newest(@Nullable Status status, UUID before, int most) {
        return (status == null ? find("id < ?1 order by id desc", before)
                : find("status = ?1 and id < ?2 order by id desc", status, before)).<Refund> page(0, most).list();
    }

    static Optional<UUID> idOf(String stripeId) {
        return find("select id from Refund where stripeRefundId = ?1", stripeId).project(UUID.class).firstResultOptional();
    }

    static Optional<Refund> lockedByStripeId(String stripeId) {
        return Refund.<Refund> find("stripeRefundId", stripeId).withLock(LockModeType.PESSIMISTIC_WRITE).firstResultOptional();
    }

    /** All of a payment, oldest first. */
    static List<Refund> of(UUID transactionId) {
        return of(List.of(transactionId));
    }

    static List<Refund> of(Collection<UUID> transactionIds) {
        return list("transactionId in ?1 order by id", transactionIds);
    }

    /** Those of a payment that waited for something are looked after now. */
    static void wake(UUID transactionId, Instant now) {
        update("checkAt = ?1 where transactionId = ?2 and checkAt is not null and status in (SUCCEEDED, FAILED, CANCELED)",
                now, transactionId);
    }

    static List<UUID> due(Instant now, int most) {
        return find("select id from Refund where checkAt <= ?1 order by checkAt", now).project(UUID.class).page(0, most).list();
    }
}
