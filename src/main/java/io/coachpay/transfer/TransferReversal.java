package io.coachpay.transfer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeTransfer;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A reversal at Stripe: money taken back from a coach's account, gross. */
@Entity
@Table(name = "transfer_reversals")
class TransferReversal extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "transfer_id")
    private UUID transferId;
    @Column(name = "refund_id")
    private @Nullable UUID refundId;
    @Column(name = "stripe_reversal_id")
    private String stripeReversalId;
    @Column(name = "stripe_destination_payment_refund_id")
    private @Nullable String stripeDestinationPaymentRefundId;
    @Embedded
    private Amount amount;
    @Column(name = "occurred_at")
    private Instant occurredAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected TransferReversal() {
    }

    @SuppressWarnings("NullAway.Init")
    static TransferReversal of(Transfer transfer, StripeTransfer.Reversal told, @Nullable UUID refundId, Instant now) {
        TransferReversal reversal = new TransferReversal();
        reversal.id = Ids.next();
        reversal.transferId = transfer.id();
        reversal.refundId = refundId;
        reversal.stripeReversalId = told.id();
        reversal.stripeDestinationPaymentRefundId = told.destinationPaymentRefundId();
        reversal.amount = Amount.of(told.amount());
        reversal.occurredAt = told.created();
        reversal.createdAt = now;
        return reversal;
    }

    /** Links it with the refund it was made for, once that is known. */
    void isFor(UUID refund) {
        refundId = refund;
    }

    UUID transferId() {
        return transferId;
    }

    Money amount() {
        return amount.money();
    }

    static Optional<TransferReversal> byStripeId(String reversal) {
        return find("stripeReversalId", reversal).firstResultOptional();
    }

    /** Lists those of all transfers of a payment. */
    static List<TransferReversal> of(UUID transactionId) {
        return list("transferId in (select id from Transfer where transactionId = ?1)", transactionId);
    }
}
