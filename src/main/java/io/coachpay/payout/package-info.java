/**
 * Payouts: coaches' earnings on their way to the bank.
 * <p>
 * The promise: nothing is paid out twice, and nothing that Stripe paid out or took back is unknown here. A row reserves the
 * money before Stripe is asked, one coach's payouts are decided one at a time, and all that Stripe says of a payout, in an
 * answer, an event or a listing, goes through {@link io.coachpay.payout.PayoutBooks#apply}. Each payout is made of lines of
 * the coach's available money that sum to it; each reason against a payout has a name.
 * <p>
 * The four rooms: {@link io.coachpay.payout.Payouts} is the door for people, {@link io.coachpay.payout.PayoutRuns} that for
 * the schedule; {@link io.coachpay.payout.PayoutBooks} writes our books; {@link io.coachpay.payout.PayoutsAtStripe},
 * {@link io.coachpay.payout.PayoutFeesAtStripe} and {@link io.coachpay.payout.PayoutSync} ask Stripe;
 * {@link io.coachpay.payout.Payout} is the entity.
 */
@NullMarked
package io.coachpay.payout;

import org.jspecify.annotations.NullMarked;
