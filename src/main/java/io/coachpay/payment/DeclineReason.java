package io.coachpay.payment;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

/**
 * The reason why a payment was refused: its card by the bank, or the payment itself by Stripe.
 *
 * @param code Stripe's word for it
 * @param declineCode the bank's, if it gave one
 * @param message Stripe's words, for the payer if it is the card; free of keys and secrets
 * @param withheld true where its payer may be trying out cards, and is not told; null otherwise
 * @see <a href="https://docs.stripe.com/declines/codes">Stripe: decline codes</a>
 */
@Embeddable
public record DeclineReason(@Column(name = "failure_code") @Nullable String code,
        @Column(name = "decline_code") @Nullable String declineCode,
        @Column(name = "failure_message") @Nullable String message,
        @Column(name = "failure_withheld") @Nullable Boolean withheld) {

    /** A reason that may be told. */
    public DeclineReason(@Nullable String code, @Nullable String declineCode, @Nullable String message) {
        this(code, declineCode, message, null);
    }

    DeclineReason withhold() {
        return new DeclineReason(code, declineCode, message, true);
    }

    /** As much of it as anybody but administrators is told. */
    public DeclineReason told() {
        return withheld == null ? this : new DeclineReason("card_declined", null, null, withheld);
    }
}
