package io.coachpay.payout;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

/**
 * The origin of a payout: a schedule, the coach, or Stripe's dashboard. It never changes.
 *
 * @param initiatedBy {@link #RUN}, {@link #COACH} or {@link #DASHBOARD}, as the database writes it
 * @param period the due day it is for; null where no schedule asked
 * @param requestId the id of the HTTP request; null for one without a key
 * @param releasedUntil the latest end of the sessions whose earnings may be in it; null for one made at Stripe
 * @param requestedAt by our clock
 */
@Embeddable
record PayoutOrigin(@Column(name = "initiated_by", updatable = false) String initiatedBy,
        @Nullable @Column(updatable = false) LocalDate period,
        @Nullable @Column(name = "request_id", updatable = false) UUID requestId,
        @Nullable @Column(name = "released_until", updatable = false) Instant releasedUntil,
        @Column(name = "requested_at", updatable = false) Instant requestedAt) {

    static final String RUN = "run";
    static final String COACH = "coach";
    static final String DASHBOARD = "dashboard";

    /** Made in Stripe's dashboard or by Stripe itself. */
    static PayoutOrigin dashboard(Instant now) {
        return new PayoutOrigin(DASHBOARD, null, null, null, now);
    }

    /** Whether a schedule asked for it, which asks again after a failure. */
    boolean byRun() {
        return initiatedBy.equals(RUN);
    }
}
