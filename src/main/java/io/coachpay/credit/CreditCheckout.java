package io.coachpay.credit;

import java.time.Instant;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.HoldsSecret;
import io.coachpay.payment.Transaction;

/**
 * A purchase of credits that waits to be paid on Stripe's page.
 *
 * @param credits all that it buys
 * @param bonusCredits those of them that the buyer's plan adds
 * @param checkoutUrl Stripe's page, while it is open
 * @param expiresAt when it ends
 */
@Schema(name = "CreditCheckout")
public record CreditCheckout(UUID transactionId, @Nullable @Schema(examples = "cs_test_a1b2c3") String checkoutSessionId,
        @Schema(examples = "36.300000", description = "All credits that it buys") String credits,
        @Schema(examples = "3.300000", description = "Of these credits, those that your plan adds") String bonusCredits,
        @Nullable String checkoutUrl, Instant expiresAt) implements HoldsSecret {

    static CreditCheckout of(Transaction payment, @Nullable String checkoutUrl) {
        return new CreditCheckout(payment.id(), payment.atStripe().checkoutSession(), payment.credits().bought().toString(),
                payment.credits().bonus().toString(), checkoutUrl, payment.terms().end());
    }

    @Override
    public CreditCheckout withoutSecrets() {
        return new CreditCheckout(transactionId, checkoutSessionId, credits, bonusCredits, null, expiresAt);
    }

    @Override
    public String toString() {
        return "CreditCheckout[" + transactionId + "]";
    }
}
