package io.coachpay.subscription;

import java.util.function.IntSupplier;

import io.coachpay.stripe.IdempotentCalls;

/**
 * A change that may be changed back, by us or by somebody at Stripe: each call has a number that no other call has had, since
 * Stripe would repeat the old answer to a number of before and change nothing.
 *
 * @param <T> Stripe's answer
 */
abstract class Spending<T> implements IdempotentCalls.Change<T> {

    private final IntSupplier spend;
    private int number;

    /** @param spend takes a number from the row, for good */
    Spending(IntSupplier spend) {
        this.spend = spend;
        this.number = spend.getAsInt();
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public void nextAttempt(int after) {
        number = spend.getAsInt();
    }

    @Override
    public int following(int spent) {
        return number;
    }
}
