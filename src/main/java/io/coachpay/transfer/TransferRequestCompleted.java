package io.coachpay.transfer;

import java.time.Instant;

import org.joda.money.Money;

import io.coachpay.payment.Transaction;

/**
 * Fired when Stripe's object of a request is booked, in the same database transaction and under the payment's lock. The
 * package that made the request observes it, so that the booking and what follows from it are one.
 *
 * @param amount as Stripe says
 * @param at by Stripe's clock
 */
public record TransferRequestCompleted(TransferRequest step, Transaction transaction, Money amount, Instant at) {
}
