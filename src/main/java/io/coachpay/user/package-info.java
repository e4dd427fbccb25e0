/**
 * People, and their customers at Stripe.
 * <p>
 * A valid token makes its subject a {@link io.coachpay.user.User} on first sight, exactly once. A Stripe customer is created on
 * first need, exactly once too, despite failures and concurrent calls.
 * <p>
 * The four rooms of a customer: {@link io.coachpay.user.Customers} is the door, for administrators;
 * {@link io.coachpay.user.CustomerBooks} records; {@link io.coachpay.user.CustomersAtStripe} calls Stripe;
 * {@link io.coachpay.user.Customer} is the entity.
 */
@NullMarked
package io.coachpay.user;

import org.jspecify.annotations.NullMarked;
