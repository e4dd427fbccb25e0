package io.coachpay.dispute;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeDispute;

/**
 * The evidence about a dispute and its way to the payer's bank: staged, asked for by somebody, confirmed by Stripe. A bank
 * takes it once.
 *
 * @see <a href="https://docs.stripe.com/disputes/api">Stripe: respond to disputes with the API</a>
 */
@Embeddable
class Submission {

    @JdbcTypeCode(SqlTypes.JSON)
    private Map<String, String> evidence = Map.of();
    @Column(name = "evidence_due_by")
    private @Nullable Instant dueBy;
    @Column(name = "submission_asked_at")
    private @Nullable Instant askedAt;
    @Column(name = "submitted_by")
    private @Nullable UUID askedBy;
    @Column(name = "evidence_submitted_at")
    private @Nullable Instant confirmedAt;

    /** Mirrors the deadline, and the first time that Stripe speaks of a submission. */
    void mirror(StripeDispute told, Instant toldAt) {
        dueBy = told.evidenceDueBy();
        if (told.submissions() > 0 && confirmedAt == null) {
            confirmedAt = toldAt;
        }
    }

    void stage(Map<String, String> texts, String status, Instant now) {
        requireOpen(status, now);
        if (askedAt != null) {
            throw new DisputeRefused.Submitted();
        }
        evidence = evidence().with(texts).texts();
    }

    void ask(UUID by, String status, Instant now) {
        requireOpen(status, now);
        if (evidence().isEmpty()) {
            throw new DisputeRefused.NoEvidence();
        }
        if (askedAt == null) {
            askedAt = now;
            askedBy = by;
        }
    }

    /** Takes the request back after Stripe refused the evidence. */
    void unask() {
        if (confirmedAt == null) {
            askedAt = null;
            askedBy = null;
        }
    }

    private void requireOpen(String status, Instant now) {
        if (confirmedAt != null) {
            throw new DisputeRefused.Submitted();
        }
        if (!status.endsWith("needs_response")) {
            throw new DisputeRefused.NotOpen(status);
        }
        if (dueBy != null && dueBy.isBefore(now)) {
            throw new DisputeRefused.PastDue();
        }
    }

    /** Whether it was asked for and is not confirmed. */
    boolean isOwed() {
        return askedAt != null && confirmedAt == null;
    }

    Evidence evidence() {
        return new Evidence(evidence);
    }

    /** Null where the bank wants no evidence. */
    @Nullable
    Instant dueBy() {
        return dueBy;
    }

    /** Null while nobody has asked for it, and after Stripe refused it. */
    @Nullable
    Instant askedAt() {
        return askedAt;
    }

    /** By Stripe's clock; null before. */
    @Nullable
    Instant confirmedAt() {
        return confirmedAt;
    }
}
