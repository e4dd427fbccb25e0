package io.coachpay.transfer;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
import io.coachpay.access.Transitions;
import io.coachpay.http.Reference;
import io.coachpay.stripe.StripeBacked;
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
        DISPUTE_WON("dispute_won");

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
            return this == REFUND_REST || this == REFUND_FAILED;
        }
    }

    /** The state of a request. */
    public enum Status implements Transitions<Status> {
        REQUESTED("requested"),
        CREATED("created"),
        /** The source balance does not hold the amount yet; it is retried. */
        WAITING_FOR_FUNDS("waiting_for_funds"),
        REFUSED("refused");

        @EnumeratedValue
        private final String column;

        Status(String column) {
            this.column = column;
        }

        /** A refused one may be asked for again, or turn out to have been made. */
        @Override
        public Set<Status> next() {
            return switch (this) {
                case REQUESTED -> EnumSet.of(CREATED, WAITING_FOR_FUNDS, REFUSED);
                case WAITING_FOR_FUNDS -> EnumSet.of(CREATED, REFUSED);
                case REFUSED -> EnumSet.of(REQUESTED, CREATED);
                case CREATED -> EnumSet.noneOf(Status.class);
            };
        }

        @Override
        public String column() {
            return column;
        }
    }

    private static final String WITHDRAWN = "withdrawn";
    private static final String GIVEN_UP = "withdrawn_by_administrator";

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
    @Enumerated(EnumType.STRING)
    private Status status;
    @Column(name = "stripe_id")
    private @Nullable String stripeId;
    @Column(name = "failure_code")
    private @Nullable String failureCode;
    @Column(name = "failure_message")
    private @Nullable String failureMessage;
    private @Nullable Decision decision;
    private int attempt;
    @Column(name = "check_at")
    private @Nullable Instant checkAt;
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
     * @param cause our row of the refund or the dispute, depending on the purpose
     */
    @SuppressWarnings("NullAway.Init")
    static TransferRequest of(Kind kind, Purpose purpose, UUID transactionId, @Nullable Transfer transfer, UUID cause,
            Money amount, int number, Instant now) {
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
        step.disputeId = purpose.isOfRefund() ? null : cause;
        step.amount = Amount.of(amount);
        step.status = Status.REQUESTED;
        step.attempt = 1;
        step.checkAt = now;
        step.createdAt = now;
        return step;
    }

    /** Records Stripe's object, even after a refusal. A withdrawn request stays withdrawn. */
    void created(String stripe) {
        stripeId = stripe;
        if (!isWithdrawn()) {
            become(Status.CREATED);
            failureCode = null;
            failureMessage = null;
        }
    }

    /**
     * Postpones it until the balance may hold it. The next call takes another key, since Stripe may repeat its answer to this
     * one.
     *
     * @param asked the attempt that Stripe answered; after a later attempt nothing changes
     * @param next its due time while Stripe was asked; if funds have arrived since, it is due earlier, and stays so
     */
    void waitForFunds(int asked, @Nullable String code, @Nullable String message, Instant next, Instant until) {
        if (!isAt(asked)) {
            return;
        }
        become(Status.WAITING_FOR_FUNDS);
        failureCode = code;
        failureMessage = message;
        attempt++;
        checkAt = checkAt != null && checkAt.isBefore(next) ? checkAt : until;
    }

    /**
     * Whether this attempt is the latest, so that its answer has not been applied. Of several workers with the same answer only
     * the first takes another key.
     */
    boolean isAt(int asked) {
        return isOpen() && attempt == asked;
    }

    /** Records a final refusal of Stripe's. */
    void refuse(@Nullable String code, @Nullable String message) {
        become(Status.REFUSED);
        failureCode = code;
        failureMessage = message;
    }

    /** Withdraws it for the refund or dispute that asked for it. */
    void withdraw() {
        refuse(WITHDRAWN, null);
    }

    /**
     * Retries it at once, as an administrator decided. It takes another key only where Stripe has refused it: otherwise Stripe
     * would make a second object beside the call that may be under way.
     *
     * @throws TransferRequestRefused.Over when Stripe has made it, or its refund or dispute has withdrawn it
     */
    void retry(UUID by, Instant now) {
        if (status == Status.CREATED || stripeId != null || isWithdrawn()) {
            throw new TransferRequestRefused.Over(status);
        }
        if (status == Status.REFUSED) {
            become(Status.REQUESTED);
            attempt += GIVEN_UP.equals(failureCode) ? 0 : 1;
            failureCode = null;
            failureMessage = null;
        }
        checkAt = now;
        decision = new Decision("retry", by, now);
    }

    /**
     * Withdraws it for good, as an administrator decided. The service asks again only for what it withdrew itself.
     *
     * @throws TransferRequestRefused.Over when Stripe has made it, or refused it
     */
    void withdraw(UUID by, Instant now) {
        if (!isOpen()) {
            throw new TransferRequestRefused.Over(status);
        }
        refuse(GIVEN_UP, null);
        decision = new Decision("withdraw", by, now);
    }

    private void become(Status next) {
        status = status == next ? next : Transitions.require("step", status, next);
    }

    /** Counts to the next key, unless another worker has done so since that attempt. */
    void nextAttempt(int after) {
        attempt = StripeBacked.next(attempt, after);
    }

    void checkNext(Instant at) {
        checkAt = at;
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

    /** Our id of its refund; null for one of a dispute. */
    public @Nullable UUID refundId() {
        return refundId;
    }

    /** Our id of its dispute; null for one of a refund. */
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

    public Status status() {
        return status;
    }

    /** Whether Stripe may still make it. */
    public boolean isOpen() {
        return switch (status) {
            case REQUESTED, WAITING_FOR_FUNDS -> true;
            case CREATED, REFUSED -> false;
        };
    }

    /** Whether an administrator has decided about it. */
    public boolean isDecided() {
        return decision != null;
    }

    /** Whether its refund or dispute has withdrawn it; Stripe may have made it all the same. */
    public boolean isWithdrawn() {
        return WITHDRAWN.equals(failureCode);
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
        return stripeId;
    }

    @Nullable
    String failureCode() {
        return failureCode;
    }

    @Nullable
    String failureMessage() {
        return failureMessage;
    }

    int attempt() {
        return attempt;
    }

    @Nullable
    Instant checkAt() {
        return checkAt;
    }

    Instant createdAt() {
        return createdAt;
    }

    static Optional<TransferRequest> locked(@Nullable UUID id) {
        return id == null ? Optional.empty() : Optional.ofNullable(findById(id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** Finds one by our id or by Stripe's, {@code tr_…}, {@code trr_…} or {@code fr_…}. */
    static Optional<TransferRequest> named(Reference reference) {
        return reference.find(id -> TransferRequest.<TransferRequest> findByIdOptional(id),
                stripeId -> TransferRequest.<TransferRequest> find("stripeId", stripeId).firstResultOptional());
    }

    /** Lists those of a payment, oldest first. */
    public static List<TransferRequest> of(UUID transactionId) {
        return list("transactionId = ?1 order by createdAt, id", transactionId);
    }

    /** Lists all requests, or those in one state, those of the newest payments first. */
    static List<TransferRequest> newest(@Nullable Status status, UUID before, int most) {
        return (status == null ? find("id < ?1 order by id desc", before)
                : find("status = ?1 and id < ?2 order by id desc", status, before))
                .<TransferRequest> page(0, most).list();
    }

    static List<UUID> due(Instant now, int most) {
        return find("select id from TransferRequest where checkAt <= ?1 and status in (REQUESTED, WAITING_FOR_FUNDS)"
                + " order by checkAt", now).project(UUID.class).page(0, most).list();
    }
}
