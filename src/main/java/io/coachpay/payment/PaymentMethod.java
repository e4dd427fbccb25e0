package io.coachpay.payment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeCard;
import io.coachpay.stripe.StripePaymentMethod;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A saved card or another payment method: the brand and last digits that its owner recognises, never its number. */
@Entity
@Table(name = "payment_methods")
class PaymentMethod extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "user_id")
    private UUID userId;
    @Column(name = "stripe_payment_method_id")
    private String stripePaymentMethodId;
    private String type;
    private @Nullable String brand;
    private @Nullable String last4;
    private @Nullable String fingerprint;
    @Column(name = "expiry_month")
    private @Nullable Integer expiryMonth;
    @Column(name = "expiry_year")
    private @Nullable Integer expiryYear;
    @Column(name = "is_default")
    private boolean isDefault;
    @Column(name = "stripe_as_of")
    private Instant stripeAsOf;
    @Column(name = "detached_at")
    private @Nullable Instant detachedAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected PaymentMethod() {
    }

    @SuppressWarnings("NullAway.Init")
    static PaymentMethod of(UUID userId, StripePaymentMethod method, boolean first, Instant asOf, Instant now) {
        PaymentMethod saved = new PaymentMethod();
        saved.id = Ids.next();
        saved.userId = userId;
        saved.stripePaymentMethodId = method.id();
        saved.isDefault = first;
        saved.createdAt = now;
        saved.stripeAsOf = asOf;
        saved.mirror(method);
        return saved;
    }

    /**
     * Creates the row of a method that is known by its removal alone, so that earlier events which are still to come change
     * nothing.
     */
    static PaymentMethod detached(UUID userId, StripePaymentMethod method, Instant asOf, Instant now) {
        PaymentMethod mark = of(userId, method, false, asOf, now);
        mark.detach(asOf);
        return mark;
    }

    /** Mirrors what Stripe says; stale news changes nothing, nor does any after the removal. */
    void update(StripePaymentMethod method, Instant asOf) {
        if (asOf.isBefore(stripeAsOf) || detachedAt != null) {
            return;
        }
        stripeAsOf = asOf;
        mirror(method);
    }

    /**
     * Removes it for good: it cannot be attached or used again, see
     * <a href="https://docs.stripe.com/api/payment_methods/detach">docs.stripe.com/api/payment_methods/detach</a>. The row
     * forgets brand, digits and fingerprint.
     */
    void detach(Instant asOf) {
        if (detachedAt != null) {
            return;
        }
        detachedAt = asOf;
        isDefault = false;
        brand = null;
        last4 = null;
        fingerprint = null;
        expiryMonth = null;
        expiryYear = null;
    }

    private void mirror(StripePaymentMethod method) {
        type = method.type();
        StripeCard card = method.card();
        if (card != null) {
            brand = card.brand();
            last4 = card.last4();
            fingerprint = card.fingerprint();
            expiryMonth = card.expMonth();
            expiryYear = card.expYear();
        }
    }

    UUID id() {
        return id;
    }

    String stripeId() {
        return stripePaymentMethodId;
    }

    PaymentMethodView view() {
        return new PaymentMethodView(id, type, brand, last4, expiryMonth, expiryYear, isDefault);
    }

    static List<PaymentMethod> of(UUID userId) {
        return list("userId = ?1 and detachedAt is null order by id desc", userId);
    }

    static Optional<PaymentMethod> of(UUID userId, UUID id) {
        return find("userId = ?1 and id = ?2 and detachedAt is null", userId, id).firstResultOptional();
    }

    static Optional<PaymentMethod> defaultOf(UUID userId) {
        return find("userId = ?1 and isDefault", userId).firstResultOptional();
    }

    static Optional<PaymentMethod> byStripeId(UUID userId, String stripeId) {
        return find("userId = ?1 and stripePaymentMethodId = ?2", userId, stripeId).firstResultOptional();
    }

    static List<PaymentMethod> byStripeId(String stripeId) {
        return list("stripePaymentMethodId", stripeId);
    }
}
