/**
 * Work that comes round by itself: holds that expire, listings of what was missed, retention.
 * <p>
 * The promise: each {@link io.coachpay.job.Job} runs when its schedule says, on one instance of the service at a time, and
 * again at its next turn when it failed. While Stripe refuses our key, those that need it stand still
 * ({@link io.coachpay.job.Standstill}). When it is due is kept in the database. While it runs its thread is marked as
 * {@link io.coachpay.job.Background}, as are those that apply events.
 */
@NullMarked
package io.coachpay.job;

import org.jspecify.annotations.NullMarked;
