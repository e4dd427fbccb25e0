package io.coachpay.payment;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** A saved payment method, as its owner recognises it. */
public record PaymentMethodView(UUID id, String type, @Nullable String brand, @Nullable String last4,
        @Nullable Integer expiryMonth,
        @Nullable Integer expiryYear, boolean isDefault) {
}
