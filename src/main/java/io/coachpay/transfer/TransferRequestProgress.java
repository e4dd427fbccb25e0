package io.coachpay.transfer;

import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Transitions;
import io.coachpay.stripe.StripeBacked;

/**
 * A transfer request's way through Stripe: its state, the attempt that is part of the idempotency key, the next check, and the
 * reason why it waits or was refused or withdrawn.
 */
@Embeddable
class TransferRequestProgress {

    private static final String WITHDRAWN = "withdrawn";
    private static final String GIVEN_UP = "withdrawn_by_administrator";

    @Enumerated(EnumType.STRING)
    private TransferRequestStatus status;
    @Column(name = "stripe_id")
    private @Nullable String stripeId;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;

    @SuppressWarnings("NullAway.Init")
    protected TransferRequestProgress() {
    }

    private TransferRequestProgress(Instant checkAt) {
        this.status = TransferRequestStatus.REQUESTED;
        this.attempt = 1;
        this.checkAt = checkAt;
    }

    /** Begins with a request that Stripe is asked for at once. */
    static TransferRequestProgress requested(Instant now) {
        return new TransferRequestProgress(now);
    }

    /** Records Stripe's object, even after a refusal. A withdrawn request stays withdrawn. */
    void created(String stripe) {
        stripeId = stripe;
        if (!isWithdrawn()) {
            become(TransferRequestStatus.CREATED);
            failureCode = null;
            failureMessage = null;
        }
    }

    /**
     * Postpones it until the balance may hold it. The next call takes another key, since Stripe may repeat its answer to this
     * one.
     *
     * @param asked the attempt that Stripe answered; after a later attempt nothing changes
     * @param next its due time while Stripe was asked; if funds have arrived since, it is due earlier, and stays so
     */
    void waitForFunds(int asked, @Nullable String code, @Nullable String message, Instant next, Instant until) {
        if (!isAt(asked)) {
            return;
        }
        become(TransferRequestStatus.WAITING_FOR_FUNDS);
        failureCode = code;
        failureMessage = message;
        attempt++;
        checkAt = checkAt != null && checkAt.isBefore(next) ? checkAt : until;
    }

    /** Records a final refusal of Stripe's. */
    void refuse(@Nullable String code, @Nullable String message) {
        become(TransferRequestStatus.REFUSED);
        failureCode = code;
        failureMessage = message;
    }

    /** Withdraws it for the refund or dispute that asked for it. */
    void withdraw() {
        refuse(WITHDRAWN, null);
    }

    /**
     * Withdraws it for good. The service asks again only for what it withdrew itself.
     *
     * @throws TransferRequestRefused.Over when Stripe has made it, or refused it
     */
    void giveUp() {
        if (!isOpen()) {
            throw new TransferRequestRefused.Over(status);
        }
        refuse(GIVEN_UP, null);
    }

    /**
     * Is due at once. It takes another key only where Stripe has refused it: otherwise Stripe would make a second object beside
     * the call that may be under way.
     *
     * @throws TransferRequestRefused.Over when Stripe has made it, or its refund or dispute has withdrawn it
     */
    void retry(Instant now) {
        if (status == TransferRequestStatus.CREATED || stripeId != null || isWithdrawn()) {
            throw new TransferRequestRefused.Over(status);
        }
        if (status == TransferRequestStatus.REFUSED) {
            become(TransferRequestStatus.REQUESTED);
            attempt += GIVEN_UP.equals(failureCode) ? 0 : 1;
            failureCode = null;
            failureMessage = null;
        }
        checkAt = now;
    }

    private void become(TransferRequestStatus next) {
        status = status == next ? next : Transitions.require("step", status, next);
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    void checkNext(Instant at) {
        checkAt = at;
    }

    /**
     * Whether this attempt is the latest, so that its answer has not been applied. Of several workers with the same answer only
     * the first takes another key.
     */
    boolean isAt(int asked) {
        return isOpen() && attempt == asked;
    }

    /** Whether Stripe may still make it. */
    boolean isOpen() {
        return switch (status) {
            case REQUESTED, WAITING_FOR_FUNDS -> true;
            case CREATED, REFUSED -> false;
        };
    }

    /**
     * Whether it waits for funds and no worker is asking Stripe for it.
     *
     * @param callLasts by how much a worker postpones the next check while it asks
     */
    boolean restsAt(Instant now, Duration callLasts) {
        return status == TransferRequestStatus.WAITING_FOR_FUNDS && checkAt != null && checkAt.isAfter(now.plus(callLasts));
    }

    /** Whether the service or an administrator has withdrawn it. */
    boolean isTakenBack() {
        return isWithdrawn() || GIVEN_UP.equals(failureCode);
    }

    boolean isWithdrawn() {
        return WITHDRAWN.equals(failureCode);
    }

    TransferRequestStatus status() {
        return status;
    }

    @Nullable
    String stripeId() {
        return stripeId;
    }

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

    /** When it is tried next; once it is over, when that would have been. */
    @Nullable
    Instant checkAt() {
        return checkAt;
    }
}
