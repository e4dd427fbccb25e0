/**
 * The only way to Stripe, and the only package that knows its library.
 * <p>
 * Verbs in, records out: each verb takes an idempotency key where it changes something, and parameters that come from its
 * arguments alone, so that a repeated call is the same call. Answers, webhook objects and fetched objects are read by the same
 * parsers, which take objects of older and newer API versions. A refusal by Stripe comes back as a named
 * {@link io.coachpay.stripe.StripeRefused}; {@link io.coachpay.stripe.StripeAway} says what is known when there was no answer.
 * While Stripe refuses our key, background calls fail at once.
 * <p>
 * No verb may be called inside a database transaction; every one refuses to be.
 */
@NullMarked
package io.coachpay.stripe;

import org.jspecify.annotations.NullMarked;
