package io.coachpay.stripe;

/**
 * Stripe did not answer, or answered that it failed (5xx). Nothing is lost: the same key may be used again, and will not do
 * anything twice. See <a href="https://docs.stripe.com/error-low-level">docs.stripe.com/error-low-level</a>.
 */
public final class StripeAway extends StripeRefused {

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
}
