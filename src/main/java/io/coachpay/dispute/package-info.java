/**
 * Payers' disputes: mirrored as Stripe tells them, their money booked entry by entry, the coach's share taken back and, when
 * the dispute is won, paid again.
 * <p>
 * Whatever says that there is something new about a dispute (an event, a listing, the answer to our own call), the dispute is
 * looked at as it is then and handed to one verb, {@link io.coachpay.dispute.DisputeBooks#apply}. Each entry of its balance
 * transactions is booked once, so that an event that was missed is made up for by the next look.
 * <p>
 * The four rooms: {@link io.coachpay.dispute.Disputes} is the door, {@link io.coachpay.dispute.DisputeBooks} is what we write,
 * {@link io.coachpay.dispute.DisputesAtStripe} is what is asked of Stripe, {@link io.coachpay.dispute.Dispute} is the entity.
 * <p>
 * Who locks several locks the payment first, then the dispute.
 */
@NullMarked
package io.coachpay.dispute;

import org.jspecify.annotations.NullMarked;
