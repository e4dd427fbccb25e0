/**
 * Money between the platform's account at Stripe and a coach's: transfers, what was taken back of them, and fees given back.
 * <p>
 * Each of Stripe's objects is booked once, from the object itself, however it arrives: by event, as the answer to our own
 * call, or fetched. Those that a payment or a refund makes are Stripe's doing. Those that we ask for on their own are a
 * {@link io.coachpay.transfer.TransferRequest}, written down before Stripe is called and tried until Stripe has made it or
 * refused it for good; what the step was for decides which journal its object makes.
 * <p>
 * The four rooms: {@link io.coachpay.transfer.TransferRequests} is the door, for administrators;
 * {@link io.coachpay.transfer.TransferRequestBooks} and {@link io.coachpay.transfer.TransferBooks} are what we write;
 * {@link io.coachpay.transfer.TransfersAtStripe} and {@link io.coachpay.transfer.TransferSync} are what is asked of Stripe;
 * {@link io.coachpay.transfer.TransferRequest} and {@link io.coachpay.transfer.Transfer} are the entities.
 * <p>
 * Who locks several locks the payment first, then the step.
 */
@NullMarked
package io.coachpay.transfer;

import org.jspecify.annotations.NullMarked;
