package io.coachpay.user;

import jakarta.persistence.EnumeratedValue;

/** Whether our state of a customer equals Stripe's. */
enum SyncStatus {
    /** Ours is newer, and goes to Stripe soon. */
    PENDING("pending"),
    /** Equal. */
    SYNCED("synced"),
    /** Stripe refused a part of ours, or all: payments work without it, and the next change is sent again. */
    FAILED("failed"),
    /** Gone at Stripe; the next need creates another. */
    MISSING("missing");

    @EnumeratedValue
    final String column;

    SyncStatus(String column) {
        this.column = column;
    }
}
