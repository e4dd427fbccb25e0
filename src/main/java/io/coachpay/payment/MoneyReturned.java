package io.coachpay.payment;

import java.time.Instant;

import io.coachpay.ledger.CreditPostings.Holder;

/**
 * Fired when money of a payment has gone back to its payer, or came again, in the same database transaction and under the
 * payment's lock; by a dispute also where nothing has moved since. What the payment bought follows its money.
 *
 * @param by the kind of fact
 * @param reference {@code re_…} of the refund, or {@code txn_…} of the dispute
 */
public record MoneyReturned(Transaction payment, Holder by, String reference, Instant at) {
}
