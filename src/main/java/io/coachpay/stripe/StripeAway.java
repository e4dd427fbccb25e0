package io.coachpay.stripe;

import java.time.Duration;

import io.coachpay.job.Unheard;

/**
 * Stripe did not answer, or answered that it failed (5xx). A repeated call with the same key is safe and does nothing twice.
 * See <a href="https://docs.stripe.com/error-low-level">docs.stripe.com/error-low-level</a>.
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
     * Whether Stripe has stored this failure as the answer to the key, and will repeat it each time. Then look for the object
     * first, and use the next key only if there is none.
     */
    public boolean storedAnswer() {
        return storedAnswer;
    }

    @Override
    public String outcome() {
        return "away";
    }

    /**
     * Stripe refuses our key: it was rolled, has expired, or lacks the right to this call. That says nothing about the request,
     * and nothing happened; work resumes once the key is accepted again. See
     * <a href="https://docs.stripe.com/keys">docs.stripe.com/keys</a>.
     */
    public static final class KeyRefused extends StripeAway implements Unheard {

        private static final Duration PAUSE = Duration.ofSeconds(15);

        private final boolean lacksRight;

        KeyRefused(Reason reason, boolean lacksRight) {
            super(reason, false, false);
            this.lacksRight = lacksRight;
        }

        /** Whether the key is valid and lacks only the right to this kind of call. */
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
