package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.payment.Transaction;
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

    private static final String REPAY = "repay";

    @Id
    private UUID id;
    @Column(name = "transaction_id")
    private UUID transactionId;
    @Embedded
    private Amount amount;
    @Embedded
    private RefundProgress progress;
    private String reason;
    @Column(name = "requested_by")
    private @Nullable UUID requestedBy;
    @Column(name = "request_id", updatable = false)
    private @Nullable UUID requestId;
    private @Nullable BigDecimal repaid;
    @Column(name = "borne_alone")
    private boolean borneAlone;
    @Column(name = "coach_short_since")
    private @Nullable Instant coachShortSince;
    private @Nullable Decision decision;
    @Column(name = "decision_reason")
    private @Nullable String decisionReason;
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
        refund.progress = RefundProgress.requested(now);
        refund.reason = reason;
        refund.requestedBy = requestedBy;
        refund.requestId = request;
        refund.createdAt = now;
        if (!transaction.reachedCoach()) {
            refund.bearAlone(transaction.completion().isHeld() ? "It is held, and its coach got nothing of it" : null);
        }
        return refund;
    }

    /** Mirrors what Stripe says; a state that cannot follow is stale and changes nothing. */
    void apply(StripeRefund told, Instant now) {
        progress.apply(told, borneAlone, now);
    }

    /**
     * Sets what a failed refund gives back to the coach, once.
     *
     * @throws IllegalStateException for a refund that has not failed, or was repaid before
     */
    void repay(Money toCoach) {
        if (!status().isUndone() || repaid != null) {
            throw new IllegalStateException("Refund " + id + " is " + status() + ", and has given back " + repaid);
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

    /** Notes that the coach's account cannot cover its part, and answers since when. */
    Instant coachIsShort(Instant now) {
        coachShortSince = coachShortSince == null ? now : coachShortSince;
        return coachShortSince;
    }

    /**
     * Asks for it again at once, as an administrator decided.
     *
     * @throws RefundRefused.NotToBeDecided once Stripe has it
     */
    void retry(UUID by, Instant now) {
        progress.requireAskedInVain();
        // A withdrawn one may be under way with its key; of any other Stripe's refusal is known.
        askAgain(!progress.isWithdrawn(), now);
        progress.explain(null);
        decision = new Decision("retry", by, now);
    }

    /**
     * Withdraws it, as an administrator decided. If Stripe has made it all the same, it is posted like any other.
     *
     * @throws RefundRefused.NotToBeDecided once Stripe has it, or it is withdrawn
     */
    void withdraw(UUID by, Instant now) {
        progress.withdraw();
        decision = new Decision("withdraw", by, now);
    }

    /**
     * Takes nothing from the coach for it, as an administrator decided. That is another call than one that may be under way,
     * and Stripe would make both.
     *
     * @throws RefundRefused.NotToBeDecided once Stripe has it
     * @throws RefundRefused.BeingAsked while Stripe's answer to the last call is not known
     */
    void platformPays(UUID by, Instant now) {
        progress.requireAskedInVain();
        if (mayBeUnderWay(now)) {
            throw new RefundRefused.BeingAsked();
        }
        askAgain(true, now);
        bearAlone("An administrator decided that the platform pays");
        decision = new Decision("platform_pays", by, now);
    }

    private void askAgain(boolean answered, Instant now) {
        if (status() == RefundStatus.REFUSED) {
            coachShortSince = null;
        }
        progress.askAgain(answered, now);
    }

    private boolean mayBeUnderWay(Instant now) {
        return status() == RefundStatus.REQUESTED ? !progress.restsAt(now)
                : progress.isWithdrawn() && decision != null && decision.at().plus(RefundProgress.CALL_LASTS).isAfter(now);
    }

    /**
     * Lets the platform alone pay it, where Stripe takes nothing from the coach's account or the payer would wait too long. The
     * next call takes another key than those with the coach's part.
     */
    void bearAlone(@Nullable String why) {
        if (!borneAlone && status() == RefundStatus.REQUESTED) {
            borneAlone = true;
            progress.explain(why);
        }
    }

    public UUID id() {
        return id;
    }

    UUID transactionId() {
        return transactionId;
    }

    /** Its way through Stripe: the attempt, the next check and the failure. */
    RefundProgress progress() {
        return progress;
    }

    /** {@code re_…}; null until Stripe is known to have it. */
    public @Nullable String stripeId() {
        return progress.stripeId();
    }

    public Money amount() {
        return amount.money();
    }

    public RefundStatus status() {
        return progress.status();
    }

    public String reason() {
        return reason;
    }

    /** The reason why it waits, why Stripe refused it or could not pay it out; null without one. */
    public @Nullable String failureCode() {
        return progress.failureCode();
    }

    boolean isBorneAlone() {
        return borneAlone;
    }

    /** The amount that a failed one gave back to its coach; null until that is decided, and for any other. */
    @Nullable
    Money repaid() {
        return repaid == null ? null : amount.inCurrency(repaid);
    }

    /** Whether it is still to be checked. */
    boolean isUnsettled() {
        return progress.checkAt() != null;
    }

    public Instant createdAt() {
        return createdAt;
    }

    static Optional<Refund> locked(UUID id) {
        return Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** Lists those of a payment, oldest first. */
    static List<Refund> of(UUID transactionId) {
        return of(List.of(transactionId));
    }

    static List<Refund> of(Collection<UUID> transactionIds) {
        return list("transactionId in ?1 order by id", transactionIds);
    }
}
