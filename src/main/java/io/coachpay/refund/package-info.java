/**
 * Money going back to payers. A refund is written down before Stripe is asked for it; refund, transfer reversal and fee
 * refund are each booked from what Stripe tells of that object itself, with Stripe's amounts, never ours.
 */
@NullMarked
package io.coachpay.refund;

import org.jspecify.annotations.NullMarked;
