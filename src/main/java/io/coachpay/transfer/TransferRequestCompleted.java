package io.coachpay.transfer;

import java.time.Instant;

import org.joda.money.Money;

import io.coachpay.payment.Transaction;

/**
 * Stripe has made what a step asked for and it has been booked, told inside the transaction that booked it and holding the
 * payment's lock. Whoever asked for the step observes this, so that the step and what follows from it are one.
 *
 * @param amount as Stripe says
 * @param at when it happened, by Stripe's clock
 */
public record TransferRequestCompleted(TransferRequest step, Transaction transaction, Money amount, Instant at) {
}
