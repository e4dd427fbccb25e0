package io.coachpay.payment;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

/** When a payment was completed, and whether it buys anything: not if it came late and surplus, nor if it is held. */
@Embeddable
public class Completion {

    @Column(name = "completed_at")
    private @Nullable Instant completedAt;
    @Column(name = "late_at")
    private @Nullable Instant lateAt;
    private boolean surplus;
    @Column(name = "held_at")
    private @Nullable Instant heldAt;
    private @Nullable String mismatch;

    /** A payment that is not completed yet. */
    protected Completion() {
    }

    /** @param at by Stripe's clock */
    void complete(Instant at) {
        completedAt = at;
    }

    /**
     * Marks the payment as one that Stripe had cancelled before the money moved.
     *
     * @param superseded whether another payment pays, or is about to pay, for its subject
     */
    void late(boolean superseded, Instant now) {
        lateAt = now;
        surplus = superseded;
    }

    /** Marks the payment as one that differs from what was agreed, and as late if Stripe had cancelled it. */
    void hold(Taken taken, Taken agreed, boolean late, Instant now) {
        mismatch = "taken " + taken.inWords() + ", agreed " + agreed.inWords();
        heldAt = now;
        lateAt = late ? now : null;
    }

    /** The moment of the payment by Stripe's clock; null before. */
    public @Nullable Instant completedAt() {
        return completedAt;
    }

    /** Whether another payment had paid for its subject when it completed late. It buys nothing, and is refunded. */
    public boolean isSurplus() {
        return surplus;
    }

    /** Whether it differs from what was agreed. It buys nothing, and is to be refunded. */
    public boolean isHeld() {
        return heldAt != null;
    }

    /** The terms taken and agreed, as text; null for a payment that is as agreed. */
    @Nullable
    String mismatch() {
        return mismatch;
    }
}
