package io.coachpay.ledger;

import org.joda.money.Money;

/**
 * What a coach has in one currency.
 *
 * @param pending earned, not yet available at Stripe
 * @param available can be paid out; below zero after a refund of what was paid out already
 * @param inTransit on its way to the bank
 * @param paidOut arrived there
 */
public record CoachBalance(Money pending, Money available, Money inTransit, Money paidOut) {

    /** All a coach has ever earned, refunds and the fees of instant payouts taken off; a payout does not change it. */
    public Money totalEarnings() {
        return pending.plus(available).plus(inTransit).plus(paidOut);
    }
}
