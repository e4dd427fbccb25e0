/**
 * Payments: one {@link io.coachpay.payment.Transaction} for each, from the first intent to the money that moved.
 * <p>
 * A transaction is written before Stripe is called and holds all that the call needs, so that whoever finds it unfinished can
 * make the same call again. Its state comes from Stripe's own object alone, by one verb, {@code TransactionBooks.apply},
 * whether an event brought the object or we fetched it; never from the fact that a call of ours returned.
 * <p>
 * The four rooms: {@link io.coachpay.payment.Transactions} is the door; {@link io.coachpay.payment.TransactionBooks} is what we
 * write; {@link io.coachpay.payment.PaymentIntentsAtStripe} and {@link io.coachpay.payment.CheckoutsAtStripe} are what is asked
 * of Stripe; {@link io.coachpay.payment.Transaction} is the entity.
 * <p>
 * What it pays for is told by its {@link io.coachpay.payment.Purpose}, whose {@link io.coachpay.payment.Purchase} says what is
 * booked and what follows. Who locks both locks the transaction before its subject.
 */
@NullMarked
package io.coachpay.payment;

import org.jspecify.annotations.NullMarked;
