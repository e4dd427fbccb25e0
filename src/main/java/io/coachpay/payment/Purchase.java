package io.coachpay.payment;

import java.util.List;

import io.coachpay.ledger.Journal;

/**
 * Decides what payments of one purpose book and cause. Each purpose has one bean, in its own package, which CDI collects.
 * <p>
 * Every method is called in the database transaction that changes the payment, while the payment is locked. An exception rolls
 * back the payment's change too. None calls Stripe: where money has to go back, a refund is recorded, and a job asks for it.
 */
public interface Purchase {

    /** Returns the purpose, always the same. */
    Purpose purpose();

    /** Returns the journal of a payment that Stripe took as agreed; the caller adds the payment. Not called for a held one. */
    Journal paid(Transaction payment);

    /**
     * Whether many of its payments may change in one database transaction. Not where a journal depends on a balance that
     * another of them moves.
     */
    default boolean isAppliedTogether() {
        return false;
    }

    /**
     * Locks and loads, by one statement and in the order of their ids, the rows that {@link #changed} locks for these payments.
     * Called before many payments change in one database transaction; a single one is locked when it changes.
     *
     * @throws IllegalStateException for a purpose whose payments are applied alone
     */
    default void lock(List<Transaction> payments) {
        throw new IllegalStateException(purpose() + " is applied alone");
    }

    /** Locks what was bought with a payment, as {@link #changed} does, before anything else that a decision needs. */
    default void hold(Transaction payment) {
    }

    /**
     * Reacts to another status of a payment that is as agreed. Its subject is locked after it.
     *
     * @param before the earlier status
     */
    void changed(Transaction payment, PaymentStatus before);

    /**
     * Reacts to a held payment: Stripe took something else than was agreed, or part of it has gone back since. It is booked,
     * and grants nothing.
     */
    void held(Transaction payment);

    /**
     * Whether another payment has replaced one that was cancelled and has succeeded all the same. Locks all that beginning
     * another payment locks, so that none begins before this one counts: that lock decides which of the two is first, without
     * a deadlock between their rows.
     */
    boolean isSuperseded(Transaction late);
}
