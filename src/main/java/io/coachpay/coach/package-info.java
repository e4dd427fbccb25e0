/**
 * Coaches: what they ask for an hour, and their connected account at Stripe.
 * <p>
 * Owning a profile makes a coach; a coach is known everywhere by the id of the user. An account is made at Stripe exactly
 * once. What Stripe then says of it is mirrored here, and only that decides whether a coach can be booked or paid out: see
 * {@link io.coachpay.coach.Coaches#bookable}. Payouts are ours to decide: Stripe is told so, and told again when somebody
 * changes it.
 * <p>
 * The four rooms of an account: {@link io.coachpay.coach.ConnectedAccounts}, {@link io.coachpay.coach.Onboarding} and
 * {@link io.coachpay.coach.Reconnection} are the doors; {@link io.coachpay.coach.ConnectedAccountBooks} is what we write;
 * {@link io.coachpay.coach.ConnectedAccountsAtStripe} is what is asked of Stripe; {@link io.coachpay.coach.ConnectedAccount} is
 * the entity.
 */
@NullMarked
package io.coachpay.coach;

import org.jspecify.annotations.NullMarked;
