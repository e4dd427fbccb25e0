package io.coachpay.job;

/**
 * On failures that say nothing about what was worked on: nobody listened to us at all, for our key or for how often we ask. It
 * is done later, and counts for nothing.
 */
public interface Unheard {
}
