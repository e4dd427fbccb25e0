/**
 * Money going back to payers. A refund is recorded before Stripe is asked for it, and booked from Stripe's own report with
 * Stripe's amounts, never ours. So are the reversal and the fee refund that come with it (package transfer).
 * <p>
 * The four rooms: {@link io.coachpay.refund.Refunds} is the door, {@link io.coachpay.refund.RefundBooks} writes what is asked
 * for, {@link io.coachpay.refund.RefundReportBooks} writes what Stripe reports, {@link io.coachpay.refund.RefundsAtStripe} asks
 * Stripe, and {@link io.coachpay.refund.Refund} is the entity. Arrows run resource to door to books, door to Stripe to books,
 * handler to books, and job to Stripe; none runs back to the door.
 */
@NullMarked
package io.coachpay.refund;

import org.jspecify.annotations.NullMarked;
