package io.coachpay.payout;

import java.math.BigDecimal;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeBacked;

/**
 * A coach's fee for an instant payout, besides its amount and in its currency. It is agreed when the payout is requested, and
 * taken once Stripe has made it. A fee that Stripe refuses to take is borne by the platform.
 */
@Embeddable
class PayoutFee {

    @Column(name = "fee")
    private BigDecimal amount;
    @Column(name = "stripe_fee_transfer_id")
    private @Nullable String transferId;
    @Column(name = "stripe_fee_payment_id")
    private @Nullable String paymentId;
    @Column(name = "fee_refusal")
    private @Nullable String refusal;
    @Column(name = "fee_attempt")
    private int attempt;
    @Column(name = "fee_check_at")
    private @Nullable Instant checkAt;

    @SuppressWarnings("NullAway.Init")
    protected PayoutFee() {
    }

    private PayoutFee(BigDecimal amount, @Nullable Instant checkAt) {
        this.amount = amount;
        this.checkAt = checkAt;
        this.attempt = 1;
    }

    /** The payout costs its coach nothing. */
    static PayoutFee none() {
        return new PayoutFee(BigDecimal.ZERO, null);
    }

    /** @param checkAt when another worker takes over, if this one dies */
    static PayoutFee of(Money amount, Instant checkAt) {
        return amount.isZero() ? none() : new PayoutFee(amount.getAmount(), checkAt);
    }

    /** Whether there is a fee that is neither taken nor refused. */
    boolean isOpen() {
        return amount.signum() > 0 && transferId == null && refusal == null;
    }

    /**
     * Records that Stripe took it.
     *
     * @param transfer {@code tr_…} of the coach's account
     * @param payment {@code py_…}, its counterpart on the platform's account
     */
    void taken(String transfer, String payment) {
        requireOpen();
        transferId = transfer;
        paymentId = payment;
    }

    /** Records Stripe's final refusal. */
    void refused(String code) {
        requireOpen();
        refusal = code;
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw new IllegalStateException("No fee is due");
        }
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    void checkNext(Instant at) {
        checkAt = at;
    }

    BigDecimal amount() {
        return amount;
    }

    /** {@code tr_…}; null until Stripe has taken it. */
    @Nullable
    String transferId() {
        return transferId;
    }

    /** The attempt, which is part of the idempotency key. */
    int attempt() {
        return attempt;
    }
}
