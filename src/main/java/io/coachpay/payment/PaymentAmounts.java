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

/**
 * The amounts of one payment, all of them in its currency: the price, its parts and the account that gets the coach's, and
 * what went back of it or is to. Price, parts and account are frozen but for a payment that is held, and for the price of an
 * invoice until it is paid.
 */
@Embeddable
public class PaymentAmounts {

    @Embedded
    private Amount price;
    @Column(name = "platform_fee")
    private BigDecimal fee;
    @Column(name = "coach_payout")
    private BigDecimal payout;
    @Column(name = "destination_account")
    private @Nullable String account;
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

    private PaymentAmounts(Amount price, BigDecimal fee, BigDecimal payout, @Nullable String account) {
        this.price = price;
        this.fee = fee;
        this.payout = payout;
        this.account = account;
        this.refunded = BigDecimal.ZERO;
    }

    /** The amounts agreed; without a destination, the platform keeps all. */
    static PaymentAmounts of(PaymentOrder order) {
        Amount price = Amount.of(order.price());
        PaymentOrder.Destination to = order.destination();
        return to == null ? new PaymentAmounts(price, BigDecimal.ZERO, BigDecimal.ZERO, null)
                : new PaymentAmounts(price, to.fee().getAmount(), order.price().minus(to.fee()).getAmount(), to.account());
    }

    /** The same price and parts for another payment, of which nothing has gone back. */
    PaymentAmounts again() {
        return new PaymentAmounts(price, fee, payout, account);
    }

    /** Sets the price of an invoice that is not paid yet. */
    void ask(Money asked) {
        if (!asked.isEqual(price())) {
            price = Amount.of(asked);
        }
    }

    /** Exchanges what was agreed for what Stripe took. What went to another account has not reached the coach. */
    void take(Taken taken) {
        boolean reached = taken.isFor(account);
        price = Amount.of(taken.amount());
        fee = taken.fee().getAmount();
        payout = reached ? taken.amount().minus(taken.fee()).getAmount() : BigDecimal.ZERO;
        account = reached ? account : null;
    }

    /** @throws IllegalArgumentException for less than nothing or more than was paid */
    private void requirePart(Money part, String verb) {
        if (part.isNegative() || part.isGreaterThan(price())) {
            throw new IllegalArgumentException("Of " + price() + " cannot be " + verb + " " + part);
        }
    }

    /**
     * The state of a payment of which this much has gone back.
     *
     * @throws IllegalArgumentException for a negative amount or more than was paid
     */
    PaymentStatus statusAfter(Money total) {
        requirePart(total, "refunded");
        return total.isZero() ? PaymentStatus.COMPLETED
                : total.isEqual(price()) ? PaymentStatus.REFUNDED : PaymentStatus.PARTIALLY_REFUNDED;
    }

    /** Sets the sum of all refunds. */
    void refund(Money total) {
        requirePart(total, "refunded");
        refunded = total.getAmount();
    }

    /**
     * Sets what is owed to the payer in all, including what was refunded before.
     *
     * @param why for the books
     * @throws IllegalArgumentException for a negative amount or more than was paid
     */
    public void owe(Money total, String why) {
        requirePart(total, "owed");
        due = total.getAmount();
        dueReason = why;
    }

    public Money price() {
        return price.money();
    }

    public Money fee() {
        return price.inCurrency(fee);
    }

    public Money payout() {
        return price.inCurrency(payout);
    }

    /** {@code acct_…}; null for a payment of which the coach got nothing. */
    @Nullable
    String account() {
        return account;
    }

    /** {@code acct_…}; @throws IllegalStateException for a payment of which the coach got nothing */
    String destination() {
        if (account == null) {
            throw new IllegalStateException("Nothing of " + price() + " went to a coach");
        }
        return account;
    }

    /**
     * Price, fee and payout as frozen at booking. A held payment is split as Stripe did; if nothing reached the coach, all of
     * it is the platform's.
     */
    public Split split() {
        return new Split(price(), account == null ? price() : fee(), payout());
    }

    public Money refunded() {
        return price.inCurrency(refunded);
    }

    /** The amount that the payer's bank holds because of disputes, a sum that the database keeps. */
    public Money disputed() {
        return price.inCurrency(disputed);
    }

    /** The part of {@link #disputed} that the bank has decided to give to the payer. */
    public Money lost() {
        return price.inCurrency(lost);
    }

    /** Whether the payer's bank holds money of it and has not decided about that. */
    public boolean isDisputed() {
        return disputed().isGreaterThan(lost());
    }

    /** The amount owed to the payer in all, including what the bank took; empty while nothing is owed. */
    public Optional<Money> due() {
        return Optional.ofNullable(due).map(price::inCurrency);
    }

    /** The reason for {@link #due}; null while nothing is owed. */
    public @Nullable String dueReason() {
        return dueReason;
    }
}
