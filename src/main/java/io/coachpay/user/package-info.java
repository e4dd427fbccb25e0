/**
 * People, and who they are at Stripe.
 * <p>
 * Whoever shows a valid token becomes a {@link io.coachpay.user.User} on first sight, exactly once. A Stripe customer is made
 * when somebody first needs one, exactly once too, whatever fails or runs beside it: see
 * {@link io.coachpay.user.CustomersAtStripe}.
 */
@NullMarked
package io.coachpay.user;

import org.jspecify.annotations.NullMarked;
