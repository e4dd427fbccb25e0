/**
 * Recurring work: holds that expire, listings of missed events, retention.
 * <p>
 * Each {@link io.coachpay.job.Job} runs when its schedule says, on one instance of the service at a time, and again at its next
 * turn after a failure. The database keeps when it is due. While Stripe refuses our key, jobs that need Stripe pause ({@link
 * io.coachpay.job.Standstill}). A running job's thread is marked as {@link io.coachpay.job.Background}, as are those that apply
 * events. How far the lists at Stripe have been read, and when each account is due again, is in their {@link
 * io.coachpay.job.Cursors}.
 */
@NullMarked
package io.coachpay.job;

import org.jspecify.annotations.NullMarked;
