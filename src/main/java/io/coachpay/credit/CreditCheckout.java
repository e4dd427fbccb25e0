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
 * @param checkoutUrl Stripe's page, while it is open
 * @param expiresAt when it ends
 */
@Schema(name = "CreditCheckout")
public record CreditCheckout(UUID transactionId, @Nullable @Schema(examples = "cs_test_a1b2c3") String checkoutSessionId,
        @Nullable String checkoutUrl, Instant expiresAt) implements HoldsSecret {

    static CreditCheckout of(Transaction payment, @Nullable String checkoutUrl) {
        return new CreditCheckout(payment.id(), payment.atStripe().checkoutSession(), checkoutUrl, payment.terms().end());
    }

    @Override
    public CreditCheckout withoutSecrets() {
        return new CreditCheckout(transactionId, checkoutSessionId, null, expiresAt);
    }

    @Override
    public String toString() {
        return "CreditCheckout[" + transactionId + "]";
    }
}
