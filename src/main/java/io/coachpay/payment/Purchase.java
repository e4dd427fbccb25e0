package io.coachpay.payment;

import io.coachpay.ledger.Journal;
import io.coachpay.payment.Transaction.Status;

/**
 * What payments of one purpose book, and what follows of them. One bean for each purpose, which CDI collects; it stands in the
 * purpose's package.
 * <p>
 * Every method is called inside the database transaction that changes the payment, while the payment is locked. What it throws
 * rolls the payment's change back too. None calls Stripe: where money has to go back, a refund is written down, and a job asks
 * for it.
 */
public interface Purchase {

    /** Always the same. */
    Purpose purpose();

    /** The journal of a payment that Stripe took as agreed; its payment is added. Not asked for a held one. */
    Journal paid(Transaction payment);

    /**
     * A payment that is as agreed has another status, which is flushed and booked. Its subject is locked after it.
     *
     * @param before what its status was
     */
    void changed(Transaction payment, Status before);

    /**
     * Stripe took something else than was agreed, or some of that has gone back since: the payment is booked, and grants
     * nothing.
     */
    void held(Transaction payment);

    /**
     * Whether another payment has taken the place of one that was cancelled and has succeeded all the same. Locks whatever has
     * to be locked to begin another, so that none begins before this one counts: which of the two is first is decided by that
     * lock, and not by waiting for each other's rows.
     */
    boolean isSuperseded(Transaction late);
}
