package io.coachpay.transfer;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A call to Stripe that moves money between the platform and a coach, recorded before it is made. */
@Entity
@Table(name = "transfer_steps")
public class TransferRequest extends PanacheEntityBase {

    /** The object that Stripe is to make. */
    public enum Kind {
        /** Money from the platform's balance to the coach. */
        TRANSFER("transfer"),
        /** Money back from the coach, out of a transfer. */
        REVERSAL("reversal"),
        /** A part of the platform's fee, back to the coach. */
        FEE_REFUND("fee_refund");

        @EnumeratedValue
        private final String column;

        Kind(String column) {
            this.column = column;
        }

        String column() {
            return column;
        }
    }

    /** The purpose, which decides how its object is posted. */
    public enum Purpose {
        /** The rest that refunds of a payment have left with the coach or the platform. */
        REFUND_REST("refund_rest"),
        /** The amount that a refund took from the coach before it failed. */
        REFUND_FAILED("refund_failed"),
        /** The coach's share of a disputed payment. */
        DISPUTE_RECOVERY("dispute_recovery"),
        /** That share again, after the dispute was won. */
        DISPUTE_WON("dispute_won"),
        /** The coach's part of a session that was paid with credits. */
        CREDIT_SESSION("credit_session"),
        /** That part again, for a refund. */
        CREDIT_REFUND("credit_refund");

        @EnumeratedValue
        private final String column;

        Purpose(String column) {
            this.column = column;
        }

        /** The purpose as the database writes it. */
        public String column() {
            return column;
        }

        private boolean isOfRefund() {
            return this == REFUND_REST || this == REFUND_FAILED || this == CREDIT_REFUND;
        }

        private boolean isOfDispute() {
            return this == DISPUTE_RECOVERY || this == DISPUTE_WON;
        }
    }

    @Id
    private UUID id;
    @Enumerated(EnumType.STRING)
    private Kind kind;
    @Enumerated(EnumType.STRING)
    private Purpose purpose;
    @Column(name = "transaction_id")
    private UUID transactionId;
    @Column(name = "refund_id")
    private @Nullable UUID refundId;
    @Column(name = "dispute_id")
    private @Nullable UUID disputeId;
    @Column(name = "transfer_id")
    private @Nullable UUID transferId;
    @Embedded
    private Amount amount;
    @Embedded
    private TransferRequestProgress progress;
    private @Nullable Decision decision;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected TransferRequest() {
    }

    /**
     * Creates a request. Its id follows from its payment, so that a database restored from an older backup finds the object
     * which Stripe made. The caller holds the payment's lock.
     *
     * @param transfer the transfer that a reversal takes back from; null for every other kind
     * @param cause our row of the refund or the dispute, depending on the purpose; null for a session paid with credits
     */
    @SuppressWarnings("NullAway.Init")
    static TransferRequest of(Kind kind, Purpose purpose, UUID transactionId, @Nullable Transfer transfer,
            @Nullable UUID cause, Money amount, int number, Instant now) {
        if (!amount.isPositive()) {
            throw new IllegalArgumentException("A step moves something, not " + amount);
        }
        TransferRequest step = new TransferRequest();
        step.kind = kind;
        step.purpose = purpose;
        step.transactionId = transactionId;
        step.transferId = transfer == null ? null : transfer.id();
        step.id = Ids.under(transactionId,
                String.join("/", kind.column(), purpose.column(), transfer == null ? "" : transfer.stripeId()), number);
        step.refundId = purpose.isOfRefund() ? cause : null;
        step.disputeId = purpose.isOfDispute() ? cause : null;
        step.amount = Amount.of(amount);
        step.progress = TransferRequestProgress.requested(now);
        step.createdAt = now;
        return step;
    }

    /**
     * Retries it at once, as an administrator decided.
     *
     * @throws TransferRequestRefused.Over when Stripe has made it, or its refund or dispute has withdrawn it
     */
    void retry(UUID by, Instant now) {
        progress.retry(now);
        decision = new Decision("retry", by, now);
    }

    /**
     * Withdraws it for good, as an administrator decided.
     *
     * @throws TransferRequestRefused.Over when Stripe has made it, or refused it
     */
    void withdraw(UUID by, Instant now) {
        progress.giveUp();
        decision = new Decision("withdraw", by, now);
    }

    public UUID id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    public Purpose purpose() {
        return purpose;
    }

    public UUID transactionId() {
        return transactionId;
    }

    /** Our id of its refund; null for any other. */
    public @Nullable UUID refundId() {
        return refundId;
    }

    /** Our id of its dispute; null for any other. */
    public @Nullable UUID disputeId() {
        return disputeId;
    }

    /** Our id of the transfer that a reversal takes back from; null for every other kind. */
    public @Nullable UUID transferId() {
        return transferId;
    }

    /** The amount asked of Stripe; the amount of Stripe's object is posted. */
    public Money amount() {
        return amount.money();
    }

    /** Its way through Stripe: the attempt, the next check and the failure. */
    TransferRequestProgress progress() {
        return progress;
    }

    public TransferRequestStatus status() {
        return progress.status();
    }

    /** Whether Stripe may still make it. */
    public boolean isOpen() {
        return progress.isOpen();
    }

    /** Whether an administrator has decided about it. */
    public boolean isDecided() {
        return decision != null;
    }

    /** Whether its refund or dispute has withdrawn it; Stripe may have made it all the same. */
    public boolean isWithdrawn() {
        return progress.isWithdrawn();
    }

    /** Whether another request is for the same move. */
    boolean asksTheSameAs(TransferRequest other) {
        return !other.id.equals(id) && asks(other.kind, other.purpose, other.transferId);
    }

    /** Whether it is for this move. */
    boolean asks(Kind what, Purpose why, @Nullable UUID ofTransfer) {
        return kind == what && purpose == why && Objects.equals(transferId, ofTransfer);
    }

    /** {@code tr_…}, {@code trr_…} or {@code fr_…}; null until Stripe has made it. */
    public @Nullable String stripeId() {
        return progress.stripeId();
    }

    Instant createdAt() {
        return createdAt;
    }

    static Optional<TransferRequest> locked(@Nullable UUID id) {
        return id == null ? Optional.empty() : Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** Lists those of a payment, oldest first. */
    public static List<TransferRequest> of(UUID transactionId) {
        return list("transactionId = ?1 order by createdAt, id", transactionId);
    }
}
