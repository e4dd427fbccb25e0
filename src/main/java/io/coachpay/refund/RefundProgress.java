package io.coachpay.refund;

import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Transitions;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeRefund;

/**
 * A refund's way through Stripe: its state, the attempt that is part of the idempotency key, the next check, and the reason
 * why it waits, was refused or failed.
 */
@Embeddable
class RefundProgress {

    /** A worker that asks Stripe postpones the next check by this time, after which another worker takes over. */
    static final Duration CALL_LASTS = Duration.ofMinutes(1);

    /** The failure code where less was left of the payment by the time Stripe was asked. */
    static final String TOO_MUCH = "exceeds_remainder";

    /** The failure code where the payer's bank had taken the money. */
    static final String DISPUTED = "payment_disputed";

    /** The failure code of a refund that an administrator withdrew. */
    private static final String WITHDRAWN = "withdrawn";

    /** The end of the failure codes of refunds that wait for a balance. */
    private static final String SHORT = "balance_insufficient";

    @Enumerated(EnumType.STRING)
    private RefundStatus status;
    @Column(name = "stripe_refund_id")
    private @Nullable String stripeId;
    @Column(name = "pending_reason")
    private @Nullable String pendingReason;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;

    @SuppressWarnings("NullAway.Init")
    protected RefundProgress() {
    }

    private RefundProgress(Instant checkAt) {
        this.status = RefundStatus.REQUESTED;
        this.attempt = 1;
        this.checkAt = checkAt;
    }

    /** Begins with a refund that Stripe is asked for at once. */
    static RefundProgress requested(Instant now) {
        return new RefundProgress(now);
    }

    /**
     * Mirrors what Stripe says; a state that cannot follow is stale and changes nothing.
     *
     * @param explained whether the message is ours, and stays
     */
    void apply(StripeRefund refund, boolean explained, Instant now) {
        stripeId = refund.id();
        RefundStatus told = switch (refund.status()) {
            case PENDING -> RefundStatus.PENDING;
            case REQUIRES_ACTION -> RefundStatus.REQUIRES_ACTION;
            case SUCCEEDED -> RefundStatus.SUCCEEDED;
            case FAILED -> RefundStatus.FAILED;
            case CANCELED -> RefundStatus.CANCELED;
            case UNKNOWN -> status;
        };
        RefundStatus before = status;
        status = Transitions.acceptIfReachable(before, told);
        if (status != before) {
            failureCode = refund.failureReason();
            failureMessage = explained ? failureMessage : null;
            checkAt = now;
        }
        pendingReason = status == RefundStatus.PENDING ? refund.pendingReason() : null;
    }

    /** Records a final refusal of Stripe's; a repeat may add the reason. */
    void refuse(@Nullable String code, @Nullable String message) {
        status = Transitions.acceptIfReachable(status, RefundStatus.REFUSED);
        if (status == RefundStatus.REFUSED) {
            failureCode = code;
            failureMessage = message == null ? failureMessage : message;
            checkAt = null;
        }
    }

    /** Succeeds without Stripe: credits go back at once. */
    void give() {
        status = Transitions.require("refund", status, RefundStatus.SUCCEEDED);
        checkAt = null;
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

    /** @throws RefundRefused.NotToBeDecided once Stripe has it */
    void requireAskedInVain() {
        if (stripeId != null || status != RefundStatus.REQUESTED && status != RefundStatus.REFUSED) {
            throw new RefundRefused.NotToBeDecided(status);
        }
    }

    /**
     * Is due at once, and no longer refused. Keeps the key unless Stripe has refused it: with another, Stripe would make it
     * beside a call that may be under way.
     *
     * @param answered whether Stripe has answered the latest attempt, where the refund is refused
     */
    void askAgain(boolean answered, Instant now) {
        if (status == RefundStatus.REFUSED) {
            status = RefundStatus.REQUESTED;
            attempt += answered ? 1 : 0;
        }
        failureCode = null;
        checkAt = now;
    }

    /** Ends it before Stripe has it. @throws RefundRefused.NotToBeDecided when Stripe has it, or it is withdrawn already */
    void withdraw() {
        requireAskedInVain();
        if (isWithdrawn()) {
            throw new RefundRefused.NotToBeDecided(status);
        }
        if (status == RefundStatus.REFUSED) {
            // Stripe repeats its refusal under the same key.
            attempt++;
        }
        refuse(WITHDRAWN, null);
    }

    /** Replaces what Stripe said by a message of ours. */
    void explain(@Nullable String why) {
        failureCode = null;
        failureMessage = why;
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    void checkNext(Instant at) {
        checkAt = at;
    }

    /** Ends its checks, until Stripe changes it. */
    void settle() {
        checkAt = null;
    }

    /**
     * Whether this attempt is the latest, so that its answer has not been applied. Of several workers with the same answer only
     * the first takes another key.
     */
    boolean isAt(int asked) {
        return status == RefundStatus.REQUESTED && attempt == asked;
    }

    /**
     * Whether it waits for funds and no worker is asking Stripe for it: a worker postpones the next check by
     * {@link #CALL_LASTS} at most.
     */
    boolean restsAt(Instant now) {
        return status == RefundStatus.REQUESTED && failureCode != null && failureCode.endsWith(SHORT) && checkAt != null
                && checkAt.isAfter(now.plus(CALL_LASTS));
    }

    boolean isWithdrawn() {
        return WITHDRAWN.equals(failureCode);
    }

    RefundStatus status() {
        return status;
    }

    /** {@code re_…}; null until Stripe is known to have it. */
    @Nullable
    String stripeId() {
        return stripeId;
    }

    /** Stripe's reason for pending, such as {@code insufficient_funds}; null in any other state. */
    @Nullable
    String pendingReason() {
        return pendingReason;
    }

    /** The reason why it waits, why Stripe refused it or could not pay it out; null without one. */
    @Nullable
    String failureCode() {
        return failureCode;
    }

    @Nullable
    String failureMessage() {
        return failureMessage;
    }

    int attempt() {
        return attempt;
    }

    /** When it is checked next; null once it is settled or refused. */
    @Nullable
    Instant checkAt() {
        return checkAt;
    }
}
