/**
 * Money going back to payers. A refund is written down before Stripe is asked for it, and booked from what Stripe tells of it
 * itself, with Stripe's amounts, never ours; so are the reversal and the fee refund that come with it (package transfer).
 * <p>
 * The four rooms: {@link io.coachpay.refund.Refunds} is the door, {@link io.coachpay.refund.RefundBooks} is what we write,
 * {@link io.coachpay.refund.RefundsAtStripe} is what is asked of Stripe, and {@link io.coachpay.refund.Refund} is the entity.
 * Arrows run resource to door to books, door to Stripe to books, handler to books, and job to Stripe; none runs back to the
 * door.
 */
@NullMarked
package io.coachpay.refund;

import org.jspecify.annotations.NullMarked;
