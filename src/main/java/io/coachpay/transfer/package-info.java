/**
 * Money between the platform's account at Stripe and a coach's: transfers, their reversals, and refunds of fees.
 * <p>
 * Each of Stripe's objects is booked once, from the object itself, however it arrives: by event, as the answer to our own
 * call, or fetched. Stripe makes some with a payment or a refund. Those that we ask for on their own are a
 * {@link io.coachpay.transfer.TransferRequest}, recorded before Stripe is called and retried until Stripe has made it or
 * refused it for good; its purpose decides which journal its object makes.
 * <p>
 * The four rooms: {@link io.coachpay.transfer.TransferRequests} is the door, for administrators;
 * {@link io.coachpay.transfer.TransferRequestBooks} and {@link io.coachpay.transfer.TransferBooks} write our books;
 * {@link io.coachpay.transfer.TransfersAtStripe} and {@link io.coachpay.transfer.TransferSync} ask Stripe;
 * {@link io.coachpay.transfer.TransferRequest} and {@link io.coachpay.transfer.Transfer} are the entities.
 * <p>
 * Locks are taken in one order: the payment's first, then the request's.
 */
@NullMarked
package io.coachpay.transfer;

import org.jspecify.annotations.NullMarked;
