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
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeRefund;
import io.coachpay.transfer.Decision;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/**
 * A part or all of a payment on its way back to the payer. The refund job asks Stripe for it, follows it, and then settles
 * the coach's part.
 */
@Entity
@Table(name = "refunds")
public class Refund extends PanacheEntityBase {

    /** The reason of refunds made in Stripe's dashboard. */
    static final String DASHBOARD = "stripe_dashboard";

    /** The failure code where less was left of the payment by the time Stripe was asked. */
    static final String TOO_MUCH = "exceeds_remainder";

    /** The failure code where the payer's bank had taken the money. */
    static final String DISPUTED = "payment_disputed";

    /** The failure code of a refund that an administrator withdrew. */
    static final String WITHDRAWN = "withdrawn";

    private static final String REPAY = "repay";

    /** The end of the failure codes of refunds that wait for a balance. */
    private static final String SHORT = "balance_insufficient";

    /** A worker that asks Stripe postpones the next check by this time, after which another worker takes over. */
    static final Duration CALL_LASTS = Duration.ofMinutes(1);

    /** The state of a refund. A succeeded one may still fail. */
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

        /** A refused one may be asked for again, or turn out to have been made. */
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

    /** Keeps Stripe's id, {@code re_…}. */
    void begun(String stripeId) {
        stripeRefundId = stripeId;
    }

    /** Mirrors what Stripe says; a state that cannot follow is stale and changes nothing. */
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

    /** Records a final refusal of Stripe's; a repeat may add the reason. */
    void refuse(@Nullable String code, @Nullable String message) {
        status = Transitions.acceptIfReachable(status, Status.REFUSED);
        if (status == Status.REFUSED) {
            failureCode = code;
            failureMessage = message == null ? failureMessage : message;
            checkAt = null;
        }
    }

    /**
     * Sets what a failed refund gives back to the coach, once.
     *
     * @throws IllegalStateException for a refund that has not failed, or was repaid before
     */
    void repay(Money toCoach) {
        if (!isUndone() || repaid != null) {
            throw new IllegalStateException("Refund " + id + " is " + status + ", and has given back " + repaid);
        }
        repaid = toCoach.getAmount();
    }

    /** Records an administrator's decision about the repayment. */
    void decideRepayment(String why, UUID by, Instant now) {
        decision = new Decision(REPAY, by, now);
        decisionReason = why;
    }

    /** Whether an administrator has decided on the same amount before. */
    boolean isRepaidBySomebody(Money toCoach) {
        return decision != null && decision.what().equals(REPAY) && toCoach.equals(repaid());
    }

    /**
     * Postpones it until a balance may hold it. The next call takes another key, since Stripe may repeat its answer to this
     * one.
     *
     * @param asked the attempt that Stripe answered
     * @param next its due time while Stripe was asked; if funds have arrived since, it is due earlier, and stays so
     * @return whether it waits because of this answer, and no later attempt was made
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
     * Whether this attempt is the latest, so that its answer has not been applied. Of several workers with the same answer only
     * the first takes another key.
     */
    boolean isAt(int asked) {
        return status == Status.REQUESTED && attempt == asked;
    }

    /** Notes that the coach's account cannot cover its part, and answers since when. */
    Instant coachIsShort(Instant now) {
        coachShortSince = coachShortSince == null ? now : coachShortSince;
        return coachShortSince;
    }

    /** Asks for it again at once, as an administrator decided. */
    void retry(UUID by, Instant now) {
        requireAskedInVain();
        // A withdrawn one may be under way with its key; of any other Stripe's refusal is known.
        askAgain(!isWithdrawn(), now);
        failureMessage = null;
        decision = new Decision("retry", by, now);
    }

    /**
     * Withdraws it, as an administrator decided. If Stripe has made it all the same, it is posted like any other.
     */
    void withdraw(UUID by, Instant now) {
        requireAskedInVain();
        if (isWithdrawn()) {
            throw new RefundRefused.NotToBeDecided(status);
        }
        if (status == Status.REFUSED) {
            // Stripe repeats its refusal under the same key.
            attempt++;
        }
        refuse(WITHDRAWN, null);
        decision = new Decision("withdraw", by, now);
    }

    /**
     * Takes nothing from the coach for it, as an administrator decided. That is another call than one that may be under way,
     * and
     * Stripe would make both.
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

    /** Keeps the key unless Stripe has refused it: with another, Stripe would make it beside a call that may be under way. */
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
     * Whether it waits for funds and no worker is asking Stripe for it: a worker postpones the next check by
     * {@link #CALL_LASTS} at most.
     */
    boolean restsAt(Instant now) {
        return status == Status.REQUESTED && failureCode != null && failureCode.endsWith(SHORT) && checkAt != null
                && checkAt.isAfter(now.plus(CALL_LASTS));
    }

    /**
     * Lets the platform alone pay it, where Stripe takes nothing from the coach's account or the payer would wait too long. The
     * next call takes another key than those with the coach's part.
     */
    void bearAlone(@Nullable String why) {
        if (!borneAlone && status == Status.REQUESTED) {
            borneAlone = true;
            failureCode = null;
            failureMessage = why;
        }
    }

    /** Ends its checks, until Stripe changes it. */
    void settle() {
        checkAt = null;
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
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

    /** The reason why Stripe refused it or could not pay it out; null without one. */
    public @Nullable String failureCode() {
        return failureCode;
    }

    /** Stripe's reason for pending, such as {@code insufficient_funds}; null in any other state. */
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

    /** The amount that a failed one gave back to its coach; null until that is decided, and for any other. */
    @Nullable
    Money repaid() {
        return repaid == null ? null : amount.inCurrency(repaid);
    }

    /** Whether its money came back or never left. */
    boolean isUndone() {
        return status == Status.FAILED || status == Status.CANCELED;
    }

    /** Whether it is still to be checked. */
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

    /** Finds one by our id or by Stripe's, {@code re_…}. */
    static Optional<Refund> named(Reference reference) {
        return reference.find(id -> Refund.<Refund> findByIdOptional(id),
                stripeId -> Refund.<Refund> find("stripeRefundId", stripeId).firstResultOptional());
    }

    /** Lists all refunds, or those in one state, newest first. */
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

    /** Lists those of a payment, oldest first. */
    static List<Refund> of(UUID transactionId) {
        return of(List.of(transactionId));
    }

    static List<Refund> of(Collection<UUID> transactionIds) {
        return list("transactionId in ?1 order by id", transactionIds);
    }

    /** Makes those of a payment due now that wait for another refund or request. */
    static void wake(UUID transactionId, Instant now) {
        update("checkAt = ?1 where transactionId = ?2 and checkAt is not null and status in (SUCCEEDED, FAILED, CANCELED)",
                now, transactionId);
    }

    static List<UUID> due(Instant now, int most) {
        return find("select id from Refund where checkAt <= ?1 order by checkAt", now).project(UUID.class).page(0, most).list();
    }
}
