package io.coachpay.job;

import java.time.Duration;

/**
 * On failures that say nothing about what was worked on: nobody listened to us at all, for our key or for how often we ask. It
 * is done later, and counts for nothing.
 */
public interface Unheard {

    /** How long to wait before anybody asks again. */
    Duration pause();
}
