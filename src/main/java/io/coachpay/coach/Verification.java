package io.coachpay.coach;

import jakarta.persistence.EnumeratedValue;

import io.coachpay.stripe.StripeAccount;

/** How far Stripe is with finding out who the coach is. */
enum Verification {
    /** Stripe did not take the country or the kind of business; there is no account. */
    REFUSED("refused"),
    /** The coach has to tell more. */
    DUE("due"),
    /** It is Stripe's turn. */
    PENDING("pending"),
    /** Something is wrong that telling more does not mend. */
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
