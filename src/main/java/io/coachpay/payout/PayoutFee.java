package io.coachpay.payout;

import java.math.BigDecimal;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a coach pays for an instant payout, besides its amount and in its currency. It is agreed when the payout is written
 * down, and taken once Stripe has made it; what Stripe refuses to take the platform bears.
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

    /** @param checkAt when somebody else takes over, in case we do not get that far */
    static PayoutFee of(Money amount, Instant checkAt) {
        return amount.isZero() ? none() : new PayoutFee(amount.getAmount(), checkAt);
    }

    /** Whether something is to be taken that neither was nor was refused. */
    boolean isOpen() {
        return amount.signum() > 0 && transferId == null && refusal == null;
    }

    /**
     * Stripe took it.
     *
     * @param transfer {@code tr_…} of the coach's account
     * @param payment {@code py_…}, what it is on the platform's
     */
    void taken(String transfer, String payment) {
        requireOpen();
        transferId = transfer;
        paymentId = payment;
    }

    /** Stripe does not take it, for good. */
    void refused(String code) {
        requireOpen();
        refusal = code;
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw new IllegalStateException("No fee is due");
        }
    }

    /** The key of the last call is spent: the next call needs another. */
    void spendKey() {
        attempt++;
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

    /** Part of the key. */
    int attempt() {
        return attempt;
    }
}
