package io.coachpay.payment;

import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A saved payment method, as its owner recognises it.
 *
 * @param isDefault whether it is the one that Stripe charges when nobody chooses
 * @param expiring whether its last day is less than 60 days away
 * @param expired whether its last day is over; banks may still renew it
 * @param wallet the wallet that holds it, such as {@code apple_pay}
 */
@Schema(name = "PaymentMethod")
public record PaymentMethodView(UUID id, String type, @Nullable String brand, @Nullable String last4,
        @Nullable Integer expiryMonth, @Nullable Integer expiryYear, boolean isDefault,
        @Schema(description = "Its last day is less than 60 days away") boolean expiring,
        @Schema(description = "Its last day is over") boolean expired,
        @Nullable @Schema(description = "The wallet that holds it", examples = "apple_pay") String wallet) {
}
