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
 * @see <a href="https://docs.stripe.com/declines/codes">Stripe: decline codes</a>
 */
@Embeddable
public record DeclineReason(@Column(name = "failure_code") @Nullable String code,
        @Column(name = "decline_code") @Nullable String declineCode,
        @Column(name = "failure_message") @Nullable String message) {
}
