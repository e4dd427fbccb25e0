/**
 * Money going back to payers. A refund is written down before Stripe is asked for it, and booked from what Stripe tells of it
 * itself, with Stripe's amounts, never ours; so are the reversal and the fee refund that come with it (package transfer).
 */
@NullMarked
package io.coachpay.refund;

import org.jspecify.annotations.NullMarked;
