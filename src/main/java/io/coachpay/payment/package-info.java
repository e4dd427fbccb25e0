/**
 * Payments: one {@link io.coachpay.payment.Transaction} for each, from the first intent to the money that moved.
 * <p>
 * A transaction is recorded before Stripe is called and holds all that the call needs, so that a job can repeat the call of an
 * unfinished one. Its state comes from Stripe's own object alone, by one verb, {@code TransactionBooks.apply}, whether an
 * event brought the object or we fetched it; never from the fact that a call of ours returned.
 * <p>
 * The four rooms: {@link io.coachpay.payment.Transactions} is the door; {@link io.coachpay.payment.TransactionBooks} writes
 * our books; {@link io.coachpay.payment.PaymentIntentsAtStripe} and {@link io.coachpay.payment.CheckoutsAtStripe} ask Stripe;
 * {@link io.coachpay.payment.Transaction} is the entity.
 * <p>
 * Payment methods are saved, chosen and removed without a payment too, in the same rooms:
 * {@link io.coachpay.payment.PaymentMethods}, {@link io.coachpay.payment.PaymentMethodSetups} and those named after them.
 * <p>
 * A payment has a {@link io.coachpay.payment.Purpose}, whose {@link io.coachpay.payment.Purchase} decides what is booked and
 * what follows. Locks are taken in one order: the transaction's first, then its subject's.
 */
@NullMarked
package io.coachpay.payment;

import org.jspecify.annotations.NullMarked;
