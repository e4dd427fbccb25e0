package io.coachpay.ledger;

import io.coachpay.money.Credits;

/**
 * A user's credits.
 *
 * @param balance that can be spent, never negative
 * @param deferred that pay for sessions whose coach is not paid yet, never negative
 * @param debt that the next credits pay first, never negative; positive only while the balance is zero
 */
public record Wallet(Credits balance, Credits deferred, Credits debt) {

    /** The wallet of a user who never had credits. */
    static final Wallet EMPTY = new Wallet(Credits.NONE, Credits.NONE, Credits.NONE);
}
