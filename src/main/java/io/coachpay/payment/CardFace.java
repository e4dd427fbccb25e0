package io.coachpay.payment;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.jspecify.annotations.Nullable;

import io.coachpay.stripe.StripeCard;
import io.coachpay.stripe.StripePaymentMethod;

/** Marks by which an owner recognises a payment method, and we the same card saved again; never its number. */
@Embeddable
class CardFace {

    private @Nullable String brand;
    private @Nullable String last4;
    private @Nullable String fingerprint;
    private @Nullable String wallet;
    @Column(name = "expiry_month")
    private @Nullable Integer expiryMonth;
    @Column(name = "expiry_year")
    private @Nullable Integer expiryYear;

    protected CardFace() {
    }

    static CardFace of(StripePaymentMethod method) {
        CardFace face = new CardFace();
        face.last4 = method.last4();
        face.fingerprint = method.fingerprint();
        StripeCard card = method.card();
        if (card != null) {
            face.brand = card.brand();
            face.wallet = card.wallet();
            face.expiryMonth = card.expMonth();
            face.expiryYear = card.expYear();
        }
        return face;
    }

    @Nullable
    String fingerprint() {
        return fingerprint;
    }

    /** The month through whose end it can pay; null where methods of its type do not expire. */
    @Nullable
    CardExpiry expiry() {
        return expiryMonth == null || expiryYear == null ? null : new CardExpiry(expiryYear, expiryMonth);
    }

    PaymentMethodView view(PaymentMethod method, Instant now) {
        CardExpiry expiry = expiry();
        return new PaymentMethodView(method.id(), method.type(), brand, last4, expiryMonth, expiryYear, method.isDefault(),
                expiry != null && expiry.isNear(now), expiry != null && expiry.isOver(now), wallet);
    }
}
