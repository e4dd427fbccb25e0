package io.coachpay.invoice;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.money.Share;
import io.coachpay.stripe.StripeInvoice;

/** The amounts of an invoice as Stripe has them, all of them in its currency. */
@Embeddable
class InvoiceAmounts {

    @Column(name = "amount")
    private BigDecimal total = BigDecimal.ZERO;
    @Column(columnDefinition = "bpchar(3)", updatable = false)
    @JdbcTypeCode(SqlTypes.CHAR)
    private String currency;
    private BigDecimal subtotal = BigDecimal.ZERO;
    private BigDecimal tax = BigDecimal.ZERO;
    @Column(name = "amount_due")
    private BigDecimal due = BigDecimal.ZERO;
    @Column(name = "amount_paid")
    private BigDecimal paid = BigDecimal.ZERO;
    @Column(name = "amount_remaining")
    private BigDecimal remaining = BigDecimal.ZERO;
    @Column(name = "paid_outside")
    private BigDecimal outside = BigDecimal.ZERO;
    @Column(name = "starting_balance")
    private BigDecimal startingBalance = BigDecimal.ZERO;
    @Column(name = "ending_balance")
    private @Nullable BigDecimal endingBalance;

    @SuppressWarnings("NullAway.Init")
    protected InvoiceAmounts() {
    }

    /** Mirrors Stripe's amounts. */
    void mirror(StripeInvoice stripes) {
        total = stripes.total().getAmount();
        subtotal = stripes.subtotal().getAmount();
        tax = stripes.tax().getAmount();
        due = stripes.amountDue().getAmount();
        paid = stripes.amountPaid().getAmount();
        remaining = stripes.amountRemaining().getAmount();
        outside = stripes.paidOutside().getAmount();
        startingBalance = stripes.startingBalance().getAmount();
        endingBalance = stripes.endingBalance() == null ? null : stripes.endingBalance().getAmount();
    }

    /** Whether Stripe has these very amounts. */
    boolean areThoseOf(StripeInvoice stripes) {
        InvoiceAmounts others = new InvoiceAmounts();
        others.mirror(stripes);
        return figures().equals(others.figures());
    }

    private List<@Nullable BigDecimal> figures() {
        return Stream.of(total, subtotal, tax, due, paid, remaining, outside, startingBalance, endingBalance)
                .map(figure -> figure == null ? null : figure.stripTrailingZeros()).collect(Collectors.toList());
    }

    /**
     * The tax in a part of the total that is paid after others: its rounded share, so that all parts together have all of it.
     *
     * @param before what was paid before
     */
    Money taxOf(Money part, Money before) {
        Money whole = total();
        Money taxed = money(tax);
        if (!whole.isPositive() || !taxed.isPositive()) {
            return Money.zero(part.getCurrencyUnit());
        }
        Money from = before.isGreaterThan(whole) ? whole : before;
        Money until = from.plus(part).isGreaterThan(whole) ? whole : from.plus(part);
        Money share = share(taxed, until, whole).minus(share(taxed, from, whole));
        return share.isGreaterThan(part) ? part : share;
    }

    /** The share of a tax in a part; the whole has all of it, also what no charge unit holds. */
    static Money share(Money tax, Money part, Money whole) {
        return part.isEqual(whole) ? tax : Share.of(tax, part, whole);
    }

    private Money money(BigDecimal column) {
        return new Amount(total, currency).inCurrency(column);
    }

    /** With tax; negative where something is given back. */
    Money total() {
        return money(total);
    }

    Money tax() {
        return money(tax);
    }

    Money due() {
        return money(due);
    }

    Money paid() {
        return money(paid);
    }

    Money remaining() {
        return money(remaining);
    }
}
