package io.coachpay.job;

import java.time.Duration;

/**
 * Marks failures that say nothing about the work itself: Stripe did not listen at all, because of our key or our rate. The work
 * is retried later, and the failure does not count as an attempt.
 */
public interface Unheard {

    /** The time before anybody asks again. */
    Duration pause();
}
