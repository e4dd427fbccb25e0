package io.coachpay.payment;

import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.HoldsSecret;

/**
 * A setup that has begun, with what its next step needs.
 *
 * @param clientSecret for Stripe's form in the browser; null for the other way, and once the setup is over
 * @param checkoutUrl Stripe's page; null for the other way, and once it is over
 */
@Schema(name = "PaymentMethodSetup")
public record SetupView(UUID setupId, @Nullable @Schema(description = "With `elements`: for Stripe's form") String clientSecret,
        @Nullable @Schema(description = "With `checkout`: Stripe's page") String checkoutUrl) implements HoldsSecret {

    @Override
    public SetupView withoutSecrets() {
        return new SetupView(setupId, null, null);
    }

    @Override
    public String toString() {
        return "PaymentMethodSetup[" + setupId + "]";
    }
}
