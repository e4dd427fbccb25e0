package io.coachpay.coach;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.stripe.StripeAccount;

/** The progress of Stripe's verification of a coach. */
enum Verification {
    /** Stripe did not accept the country or legal form; there is no account. */
    REFUSED("refused"),
    /** The coach has to provide more. */
    DUE("due"),
    /** It is Stripe's turn. */
    PENDING("pending"),
    /** Something is wrong that more information does not mend. */
    RESTRICTED("restricted"),
    /** Stripe is content. */
    VERIFIED("verified");

    @EnumeratedValue
    final String column;

    Verification(String column) {
        this.column = column;
    }

    static Verification of(StripeAccount.Requirements requirements) {
        if (requirements.isDue()) {
            return DUE;
        }
        if (!requirements.pendingVerification().isEmpty()) {
            return PENDING;
        }
        return requirements.disabledReason() == null ? VERIFIED : RESTRICTED;
    }
}
