package io.coachpay.ledger;

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

    /**
     * Pending + available + in transit + paid out: all a coach has ever earned, less refunds and fees of instant payouts. A
     * payout does not change it.
     */
    public Money totalEarnings() {
        return pending.plus(available).plus(inTransit).plus(paidOut);
    }
}
