package io.coachpay.payment;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.NaturalId;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A session of Stripe's payment page, recorded before Stripe is asked for it. */
@Entity
@Table(name = "checkout_sessions")
class CheckoutSession extends PanacheEntityBase {

    /** Stripe's states, and two for a page that Stripe has not opened. */
    private enum Status {
        REQUESTED("requested"),
        OPEN("open"),
        COMPLETE("complete"),
        EXPIRED("expired"),
        REFUSED("refused");

        @EnumeratedValue
        private final String column;

        Status(String column) {
            this.column = column;
        }
    }

    @Id
    private UUID id;
    @Column(name = "stripe_session_id")
    private @Nullable String stripeSessionId;
    private String mode;
    @Enumerated(EnumType.STRING)
    private Status status;
    @Column(name = "user_id")
    private UUID userId;
    @Column(name = "session_id")
    private @Nullable UUID sessionId;
    @NaturalId
    @Column(name = "transaction_id")
    private UUID transactionId;
    @Column(name = "reserved_credits")
    private BigDecimal reservedCredits;
    @Column(name = "stripe_product_id", updatable = false)
    private @Nullable String product;
    @Column(name = "delayed_methods", updatable = false)
    private boolean delayedMethods;
    @Column(name = "success_url")
    private String successUrl;
    @Column(name = "cancel_url")
    private String cancelUrl;
    @Column(name = "expires_at")
    private Instant expiresAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected CheckoutSession() {
    }

    /**
     * Creates the session that pays a payment, before Stripe is asked for it.
     *
     * @param bought the package that the page sells; null where it shows the payment's description
     * @param ends when Stripe closes the page by itself
     */
    @SuppressWarnings("NullAway.Init")
    static CheckoutSession toPay(Transaction transaction, PaymentOrder.@Nullable Package bought, Instant ends,
            String successUrl, String cancelUrl) {
        CheckoutSession visit = new CheckoutSession();
        visit.id = Ids.next();
        visit.mode = "payment";
        visit.status = Status.REQUESTED;
        visit.userId = transaction.terms().payerId();
        visit.sessionId = transaction.terms().sessionId();
        visit.transactionId = transaction.id();
        visit.reservedCredits = transaction.credits().isCounted() ? transaction.credits().bought().amount() : BigDecimal.ZERO;
        visit.product = bought == null ? null : bought.product();
        visit.delayedMethods = bought != null && bought.delayedMethods();
        visit.successUrl = successUrl;
        visit.cancelUrl = cancelUrl;
        visit.expiresAt = ends;
        visit.createdAt = transaction.createdAt();
        return visit;
    }

    void linkCheckoutSession(String checkoutSession) {
        stripeSessionId = checkoutSession;
        if (status == Status.REQUESTED) {
            status = Status.OPEN;
        }
    }

    void completed() {
        status = Status.COMPLETE;
    }

    void expired() {
        if (status != Status.COMPLETE) {
            status = Status.EXPIRED;
        }
    }

    /** Gives the room back that its credits had kept: they are granted, or nobody buys them. */
    void release() {
        reservedCredits = BigDecimal.ZERO;
    }

    UUID id() {
        return id;
    }

    /** {@code cs_…}; null until Stripe is known to have it. */
    @Nullable
    String stripeId() {
        return stripeSessionId;
    }

    String mode() {
        return mode;
    }

    /** The state as the database and the API write it. */
    String status() {
        return status.column;
    }

    UUID userId() {
        return userId;
    }

    /** Whether Stripe may know more about it than we do. */
    boolean mayHaveChanged() {
        return status == Status.OPEN;
    }

    UUID transactionId() {
        return transactionId;
    }

    /** {@code prod_…}; null where the page shows the payment's description. */
    @Nullable
    String product() {
        return product;
    }

    /** Whether the page offers methods whose outcome comes days later. */
    boolean delayedMethods() {
        return delayedMethods;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    String successUrl() {
        return successUrl;
    }

    String cancelUrl() {
        return cancelUrl;
    }

    /** Finds the visit that pays a payment; without a flush, which would write one row at a time. */
    static Optional<CheckoutSession> of(UUID transactionId) {
        return getSession().bySimpleNaturalId(CheckoutSession.class).loadOptional(transactionId);
    }

    static Optional<CheckoutSession> byStripeId(String checkoutSession) {
        return find("stripeSessionId", checkoutSession).firstResultOptional();
    }
}
