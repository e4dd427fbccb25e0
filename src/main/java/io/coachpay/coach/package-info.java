/**
 * Coaches: their terms, and their connected accounts at Stripe.
 * <p>
 * A profile makes a person a coach, who is known everywhere by the user's id. An account is created at Stripe exactly once.
 * Stripe's later state of it is mirrored here, and only that decides whether a coach can be booked or paid out: see
 * {@link io.coachpay.coach.Coaches#bookable}. Payouts are ours to decide: Stripe is set so, and set again after anybody changes
 * it.
 * <p>
 * The four rooms of an account: {@link io.coachpay.coach.ConnectedAccounts}, {@link io.coachpay.coach.Onboarding} and
 * {@link io.coachpay.coach.Reconnection} are the doors; {@link io.coachpay.coach.ConnectedAccountBooks} records;
 * {@link io.coachpay.coach.ConnectedAccountsAtStripe} calls Stripe; {@link io.coachpay.coach.ConnectedAccount} is the entity.
 */
@NullMarked
package io.coachpay.coach;

import org.jspecify.annotations.NullMarked;
