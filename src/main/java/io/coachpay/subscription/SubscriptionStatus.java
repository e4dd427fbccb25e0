package io.coachpay.subscription;

import java.util.EnumSet;
import java.util.Set;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.access.Transitions;

/** The state of a subscription: three of ours before Stripe has it, and Stripe's own. */
enum SubscriptionStatus implements Transitions<SubscriptionStatus> {
    /** Its page may be paid. */
    REQUESTED("requested"),
    /** Stripe opened no page. */
    REFUSED("refused"),
    /** Its page is over, or another subscription took its place. */
    EXPIRED("expired"),
    INCOMPLETE("incomplete"),
    INCOMPLETE_EXPIRED("incomplete_expired"),
    TRIALING("trialing"),
    ACTIVE("active"),
    PAST_DUE("past_due"),
    UNPAID("unpaid"),
    PAUSED("paused"),
    CANCELED("canceled");

    /** Those of which an owner has one at a time. */
    static final Set<SubscriptionStatus> LIVE = EnumSet.of(REQUESTED, INCOMPLETE, TRIALING, ACTIVE, PAST_DUE, UNPAID, PAUSED);

    private static final Set<SubscriptionStatus> STRIPES = EnumSet.complementOf(EnumSet.of(REQUESTED, REFUSED, EXPIRED));

    @EnumeratedValue
    private final String column;

    SubscriptionStatus(String column) {
        this.column = column;
    }

    /**
     * The state that Stripe names.
     *
     * @throws IllegalStateException for a word of a newer version
     */
    static SubscriptionStatus stripes(String word) {
        return Transitions.named(word, "subscriptions", STRIPES);
    }

    /** Stripe decides about the states it knows; a page that is over may turn out to have been paid. */
    @Override
    public Set<SubscriptionStatus> next() {
        return switch (this) {
            case REQUESTED -> EnumSet.complementOf(EnumSet.of(REQUESTED));
            case REFUSED, EXPIRED -> EnumSet.copyOf(STRIPES);
            case INCOMPLETE, TRIALING, ACTIVE, PAST_DUE, UNPAID, PAUSED -> {
                Set<SubscriptionStatus> others = EnumSet.copyOf(STRIPES);
                others.remove(this);
                yield others;
            }
            case INCOMPLETE_EXPIRED, CANCELED -> EnumSet.noneOf(SubscriptionStatus.class);
        };
    }

    /** Whether it keeps its owner from another one. */
    boolean isLive() {
        return LIVE.contains(this);
    }

    /** Whether Stripe has it. */
    boolean isAtStripe() {
        return STRIPES.contains(this);
    }

    /** Whether nothing changes it any more. */
    boolean isFinal() {
        return this == INCOMPLETE_EXPIRED || this == CANCELED;
    }

    @Override
    public String column() {
        return column;
    }
}
