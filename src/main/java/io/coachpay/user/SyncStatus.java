package io.coachpay.user;

import jakarta.persistence.EnumeratedValue;

/** Whether what we say of a customer and what Stripe says are the same. */
enum SyncStatus {
    /** Ours is newer, and goes to Stripe soon. */
    PENDING("pending"),
    /** Equal. */
    SYNCED("synced"),
    /** Stripe refused a part of ours, or all: payments go on without it, and the next change is told again. */
    FAILED("failed"),
    /** Gone at Stripe; the next need makes another. */
    MISSING("missing");

    @EnumeratedValue
    final String column;

    SyncStatus(String column) {
        this.column = column;
    }
}
