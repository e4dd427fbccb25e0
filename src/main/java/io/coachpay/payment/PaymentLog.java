package io.coachpay.payment;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

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
    @Column(name = "status_before")
    private @Nullable String statusBefore;
    @Column(name = "status_after")
    private @Nullable String statusAfter;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected PaymentLog() {
    }

    /** Records an event of a payment with the states before and after it. */
    @SuppressWarnings("NullAway.Init")
    static void write(Transaction transaction, String event, PaymentStatus before, Instant now) {
        PaymentLog line = new PaymentLog();
        line.id = Ids.next();
        line.transactionId = transaction.id();
        line.event = event;
        line.statusBefore = before.column();
        line.statusAfter = transaction.status().column();
        DeclineReason failure = transaction.attempt().failure();
        if (failure != null) {
            line.failureCode = failure.code();
            line.failureMessage = failure.message();
        }
        line.createdAt = now;
        line.persist();
    }
}
