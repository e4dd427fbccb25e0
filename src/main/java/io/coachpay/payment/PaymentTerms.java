package io.coachpay.payment;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * The order without its amounts, frozen when the payment begins: no column of it is ever updated.
 *
 * @param type the purpose as the database and the API write it, also one that only a later release knows
 * @param coachId null where the platform keeps all
 * @param sessionId null for any other purpose than a session
 * @param onBehalfOf whether the charge settles in the coach's country instead of the platform's
 * @param expiresAt the end of the payment: the payer cannot pay after it; null for an invoice, whose end is Stripe's to decide
 * @param description the text that the payer reads on Stripe's page
 * @param metadata the client's own words, {@link PaymentMetadata}
 * @param saveCard whether Stripe saves the payer's method for later payments
 */
@Embeddable
public record PaymentTerms(@Column(name = "type", updatable = false) String type,
        @Column(name = "payer_id", updatable = false) UUID payerId,
        @Column(name = "coach_id", updatable = false) @Nullable UUID coachId,
        @Column(name = "session_id", updatable = false) @Nullable UUID sessionId,
        @Column(name = "on_behalf_of", updatable = false) boolean onBehalfOf,
        @Column(name = "expires_at", updatable = false) @Nullable Instant expiresAt,
        @Column(name = "description", updatable = false) String description,
        @JdbcTypeCode(SqlTypes.JSON) @Column(name = "metadata", updatable = false) Map<String, String> metadata,
        @Column(name = "save_card", updatable = false) boolean saveCard) {

    /** @param ends when the payment expires; null for an invoice */
    static PaymentTerms of(PaymentOrder order, @Nullable Instant ends) {
        PaymentOrder.Destination destination = order.destination();
        return new PaymentTerms(order.purpose().column(), order.payerId(), destination == null ? null : destination.coachId(),
                order.purpose() == Purpose.SESSION_PAYMENT ? order.subjectId() : null,
                destination != null && destination.onBehalfOf(), ends, order.description(), order.metadata().values(),
                order.saveCard());
    }

    /** @throws IllegalArgumentException for a purpose that only a later release knows */
    public Purpose purpose() {
        return Purpose.of(type);
    }

    /** @throws IllegalStateException for a payment that is for no session */
    public UUID session() {
        if (sessionId == null) {
            throw new IllegalStateException("A " + type + " is for no session");
        }
        return sessionId;
    }

    /** @throws IllegalStateException for a payment that is for no coach */
    UUID coach() {
        if (coachId == null) {
            throw new IllegalStateException("A " + type + " is for no coach");
        }
        return coachId;
    }

    /** Whether this user is the payer or the coach. */
    boolean isBetween(UUID user) {
        return user.equals(payerId) || user.equals(coachId);
    }

    /** Whether the time to pay is over. */
    public boolean isOver(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    /** The end of the payment; @throws NullPointerException for an invoice's */
    public Instant end() {
        return Objects.requireNonNull(expiresAt, "Stripe decides when an invoice can be paid no more");
    }
}
