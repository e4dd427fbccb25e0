/**
 * Payers' disputes: mirrored from Stripe, their money booked entry by entry, the coach's share taken back and, when the
 * dispute is won, paid again.
 * <p>
 * An event, a listing or the answer to our own call only says that a dispute changed: it is then refreshed from Stripe and
 * handed to one verb, {@link io.coachpay.dispute.DisputeBooks#apply}. Each entry of its balance transactions is booked once,
 * so that the next refresh recovers a missed event.
 * <p>
 * The four rooms: {@link io.coachpay.dispute.Disputes} is the door, {@link io.coachpay.dispute.DisputeBooks} writes our books,
 * {@link io.coachpay.dispute.DisputesAtStripe} asks Stripe, {@link io.coachpay.dispute.Dispute} is the entity.
 * <p>
 * Locks are taken in one order: the payment's first, then the dispute's.
 */
@NullMarked
package io.coachpay.dispute;

import org.jspecify.annotations.NullMarked;
