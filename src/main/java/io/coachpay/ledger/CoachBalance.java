package io.coachpay.ledger;

import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/**
 * A coach's money in one currency.
 *
 * @param pending earned, not yet available at Stripe
 * @param available can be paid out; below zero after a refund of money that was paid out already
 * @param inTransit on its way to the bank
 * @param paidOut arrived there
 */
public record CoachBalance(Money pending, Money available, Money inTransit, Money paidOut) {

    /** The balance of a coach who has earned nothing in a currency. */
    public static CoachBalance nothing(CurrencyUnit currency) {
        Money zero = Money.zero(currency);
        return new CoachBalance(zero, zero, zero, zero);
    }

    public CurrencyUnit currency() {
        return pending.getCurrencyUnit();
    }

    /**
     * Pending + available + in transit + paid out: all a coach has ever earned, less refunds and fees of instant payouts. A
     * payout does not change it.
     */
    public Money totalEarnings() {
        return pending.plus(available).plus(inTransit).plus(paidOut);
    }
}
