package io.coachpay.stripe;

import java.time.Duration;

import io.coachpay.job.Unheard;

/**
 * Stripe did not answer, or answered that it failed (5xx). Nothing is lost: the same key may be used again, and will not do
 * anything twice. See <a href="https://docs.stripe.com/error-low-level">docs.stripe.com/error-low-level</a>.
 */
public sealed class StripeAway extends StripeRefused permits StripeAway.KeyRefused {

    private final boolean effectUnknown;
    private final boolean storedAnswer;

    StripeAway(Reason reason, boolean effectUnknown, boolean storedAnswer) {
        super(reason);
        this.effectUnknown = effectUnknown;
        this.storedAnswer = storedAnswer;
    }

    /** Whether the call may have had its effect. False means that no attempt reached Stripe. */
    public boolean effectUnknown() {
        return effectUnknown;
    }

    /**
     * Whether Stripe has stored this failure as the answer to the key, and will give it again each time. Then look for the
     * object first, and only if there is none use the next key.
     */
    public boolean storedAnswer() {
        return storedAnswer;
    }

    @Override
    public String outcome() {
        return "away";
    }

    /**
     * Stripe does not listen to our key: it was rolled, has expired, or lacks the right to this call. That says nothing about
     * what was asked for, and nothing happened; all goes on once the key works again. See
     * <a href="https://docs.stripe.com/keys">docs.stripe.com/keys</a>.
     */
    public static final class KeyRefused extends StripeAway implements Unheard {

        private static final Duration PAUSE = Duration.ofSeconds(15);

        private final boolean lacksRight;

        KeyRefused(Reason reason, boolean lacksRight) {
            super(reason, false, false);
            this.lacksRight = lacksRight;
        }

        /** Whether the key is good and lacks the right to this kind of call alone. */
        public boolean lacksRight() {
            return lacksRight;
        }

        @Override
        public Duration pause() {
            return PAUSE;
        }

        @Override
        public String outcome() {
            return "key_refused";
        }
    }
}
