package io.coachpay.payout;

import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Transitions;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripePayout;

/**
 * A payout's way through Stripe: its state, the attempt that is part of the idempotency key, its day of arrival, the next
 * check, and the reason why it was refused or failed.
 */
@Embeddable
class PayoutProgress {

    /** The time between its day of arrival and the next check. */
    private static final Duration GRACE = Duration.ofHours(1);

    @Enumerated(EnumType.STRING)
    private PayoutStatus status;
    @Column(name = "stripe_payout_id")
    private @Nullable String stripeId;
    @Column(name = "arrival_date")
    private @Nullable Instant arrivalDate;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;

    @SuppressWarnings("NullAway.Init")
    protected PayoutProgress() {
    }

    private PayoutProgress(@Nullable String stripeId, @Nullable Instant checkAt) {
        this.status = PayoutStatus.REQUESTED;
        this.stripeId = stripeId;
        this.attempt = 1;
        this.checkAt = checkAt;
    }

    /** @param checkAt when another worker takes over, if this one dies */
    static PayoutProgress requested(Instant checkAt) {
        return new PayoutProgress(null, checkAt);
    }

    /** Begins with a payout that Stripe has, {@code po_…}, and whose state is applied next. */
    static PayoutProgress adopted(String stripeId) {
        return new PayoutProgress(stripeId, null);
    }

    /**
     * Mirrors what Stripe says; a state that cannot follow is stale and changes nothing. In the same state Stripe may postpone
     * the arrival. Such events have no order, so that the later day counts.
     *
     * @return whether its state changed
     */
    boolean apply(StripePayout told) {
        stripeId = told.id();
        PayoutStatus next = switch (told.status()) {
            case PENDING -> PayoutStatus.PENDING;
            case IN_TRANSIT -> PayoutStatus.IN_TRANSIT;
            case PAID -> PayoutStatus.PAID;
            case FAILED -> PayoutStatus.FAILED;
            case CANCELED -> PayoutStatus.CANCELED;
            // A state of a later API version: the payout exists.
            case UNKNOWN -> status == PayoutStatus.REQUESTED ? PayoutStatus.PENDING : status;
        };
        if (next == status && arrivalDate != null && told.arrivalDate().isAfter(arrivalDate)) {
            expect(told.arrivalDate());
        }
        if (!accept(next)) {
            return false;
        }
        expect(told.arrivalDate());
        failureCode = told.failureCode();
        failureMessage = told.failureMessage();
        return true;
    }

    private boolean accept(PayoutStatus next) {
        PayoutStatus before = status;
        status = Transitions.acceptIfReachable(before, next);
        return status != before;
    }

    private void expect(Instant arrival) {
        arrivalDate = arrival;
        checkAt = arrival.plus(GRACE);
    }

    /**
     * Records a final refusal of Stripe's: no payout exists.
     *
     * @return whether it was still to be made
     */
    boolean refuse(String code, @Nullable String message) {
        if (!accept(PayoutStatus.REFUSED)) {
            return false;
        }
        failureCode = code;
        failureMessage = message;
        return true;
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    void checkNext(Instant at) {
        checkAt = at;
    }

    /** Whether this attempt is the latest, so that its answer has not been applied. */
    boolean isAt(int asked) {
        return status == PayoutStatus.REQUESTED && attempt == asked;
    }

    PayoutStatus status() {
        return status;
    }

    /** {@code po_…}; null until Stripe is known to have it. */
    @Nullable
    String stripeId() {
        return stripeId;
    }

    /** When Stripe expects it at the bank; null until Stripe has it. */
    @Nullable
    Instant arrivalDate() {
        return arrivalDate;
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
}
