package io.coachpay.payment;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A line of the history of a payment, append-only. */
@Entity
@Table(name = "payment_logs")
class PaymentLog extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "transaction_id")
    private UUID transactionId;
    private String event;
    @Column(name = "stripe_event_id")
    private @Nullable String stripeEventId;
    @Column(name = "status_before")
    private @Nullable String statusBefore;
    @Column(name = "status_after")
    private @Nullable String statusAfter;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    @JdbcTypeCode(SqlTypes.JSON)
    private Map<String, String> details;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected PaymentLog() {
    }

    /** Records news of a payment with the states before and after it. */
    @SuppressWarnings("NullAway.Init")
    static void write(Transaction transaction, Origin origin, PaymentStatus before, Instant now) {
        PaymentLog line = new PaymentLog();
        line.id = Ids.next();
        line.transactionId = transaction.id();
        line.event = origin.word();
        line.stripeEventId = origin.eventId();
        line.statusBefore = before.column();
        line.statusAfter = transaction.status().column();
        DeclineReason failure = transaction.attempt().failure();
        if (failure != null) {
            line.failureCode = failure.code();
            line.failureMessage = failure.message();
        }
        line.details = details(transaction, failure);
        line.createdAt = now;
        line.persist();
    }

    /** The try that it was: the payer's way of paying, the number of the key at Stripe, and the bank's reason. */
    private static Map<String, String> details(Transaction transaction, @Nullable DeclineReason failure) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("method", transaction.attempt().method().column());
        details.put("attempt", Integer.toString(transaction.attempt().number()));
        if (failure != null && failure.declineCode() != null) {
            details.put("declineCode", failure.declineCode());
        }
        return details;
    }
}
