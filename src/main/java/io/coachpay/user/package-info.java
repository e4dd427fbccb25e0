/**
 * People, and who they are at Stripe.
 * <p>
 * Whoever shows a valid token becomes a {@link io.coachpay.user.User} on first sight, exactly once. A Stripe customer is made
 * when somebody first needs one, exactly once too, whatever fails or runs beside it.
 * <p>
 * The four rooms of a customer: {@link io.coachpay.user.Customers} is the door, for administrators;
 * {@link io.coachpay.user.CustomerBooks} is what we write; {@link io.coachpay.user.CustomersAtStripe} is what is asked of
 * Stripe;
 * {@link io.coachpay.user.Customer} is the entity.
 */
@NullMarked
package io.coachpay.user;

import org.jspecify.annotations.NullMarked;
