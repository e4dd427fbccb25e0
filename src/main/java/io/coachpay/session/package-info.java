/**
 * Coaching sessions: booked, held while they are being paid, confirmed by their payment; completed, missed or cancelled.
 * <p>
 * Rate, fee, split and refund policy are frozen at booking. Two live sessions of one coach never overlap: the database refuses.
 * A slot is freed only after Stripe confirmed that no payment for it can succeed any more. The refund after a cancellation is
 * requested in the database transaction that cancels.
 */
@NullMarked
package io.coachpay.session;

import org.jspecify.annotations.NullMarked;
