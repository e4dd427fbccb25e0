package io.coachpay.payment;

import java.math.BigDecimal;
import java.util.Optional;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.money.Split;

/** The amounts of one payment, all of them in its currency: the price, its parts, and what went back of it or is to. */
@Embeddable
class PaymentAmounts {

    @Embedded
    private Amount price;
    @Column(name = "platform_fee")
    private BigDecimal fee;
    @Column(name = "coach_payout")
    private BigDecimal payout;
    @Column(name = "refunded_amount")
    private BigDecimal refunded;
    @Column(name = "disputed_amount", insertable = false, updatable = false)
    private BigDecimal disputed = BigDecimal.ZERO;
    @Column(name = "lost_amount", insertable = false, updatable = false)
    private BigDecimal lost = BigDecimal.ZERO;
    @Column(name = "refund_due")
    private @Nullable BigDecimal due;
    @Column(name = "refund_due_reason")
    private @Nullable String dueReason;

    @SuppressWarnings("NullAway.Init")
    protected PaymentAmounts() {
    }

    private PaymentAmounts(Amount price, BigDecimal fee, BigDecimal payout) {
        this.price = price;
        this.fee = fee;
        this.payout = payout;
        this.refunded = BigDecimal.ZERO;
    }

    /** @param fee of what goes to a coach; null where the platform keeps all of it */
    static PaymentAmounts of(Money price, @Nullable Money fee) {
        return new PaymentAmounts(Amount.of(price), fee == null ? BigDecimal.ZERO : fee.getAmount(),
                fee == null ? BigDecimal.ZERO : price.minus(fee).getAmount());
    }

    /** The same price and parts for another payment, of which nothing has gone back. */
    PaymentAmounts again() {
        return new PaymentAmounts(price, fee, payout);
    }

    /** @param reached whether the coach's account got its part */
    void take(Taken taken, boolean reached) {
        price = Amount.of(taken.amount());
        fee = taken.fee().getAmount();
        payout = reached ? taken.amount().minus(taken.fee()).getAmount() : BigDecimal.ZERO;
    }

    /** @throws IllegalArgumentException for less than nothing or more than was paid */
    void requirePart(Money part, String verb) {
        if (part.isNegative() || part.isGreaterThan(price())) {
            throw new IllegalArgumentException("Of " + price() + " cannot be " + verb + " " + part);
        }
    }

    void refund(Money total) {
        requirePart(total, "refunded");
        refunded = total.getAmount();
    }

    void owe(Money total, String why) {
        requirePart(total, "owed");
        due = total.getAmount();
        dueReason = why;
    }

    Money price() {
        return price.money();
    }

    Money fee() {
        return price.inCurrency(fee);
    }

    Money payout() {
        return price.inCurrency(payout);
    }

    /** @param reached whether the coach's account got its part; if not, all of it is the platform's */
    Split split(boolean reached) {
        return new Split(price(), reached ? fee() : price(), payout());
    }

    Money refunded() {
        return price.inCurrency(refunded);
    }

    Money disputed() {
        return price.inCurrency(disputed);
    }

    Money lost() {
        return price.inCurrency(lost);
    }

    Optional<Money> due() {
        return Optional.ofNullable(due).map(price::inCurrency);
    }

    @Nullable
    String dueReason() {
        return dueReason;
    }
}
