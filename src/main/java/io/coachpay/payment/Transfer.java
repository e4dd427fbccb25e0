package io.coachpay.payment;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeTransfer;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** Money on its way from the platform to a coach's account; of a destination charge, made by Stripe with it. */
@Entity
@Table(name = "transfers")
public class Transfer extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "transaction_id")
    private UUID transactionId;
    @Column(name = "connected_account_id")
    private UUID connectedAccountId;
    private String purpose;
    @Column(name = "stripe_transfer_id")
    private String stripeTransferId;
    @Column(name = "stripe_destination_payment_id")
    private @Nullable String stripeDestinationPaymentId;
    private BigDecimal amount;
    @Column(columnDefinition = "bpchar(3)")
    @JdbcTypeCode(SqlTypes.CHAR)
    private String currency;
    private String status;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Transfer() {
    }

    /** The transfer that a destination charge made. */
    @SuppressWarnings("NullAway.Init")
    static Transfer ofPayment(Transaction transaction, UUID connectedAccountId, StripeTransfer made, Instant now) {
        Transfer transfer = new Transfer();
        transfer.id = Ids.next();
        transfer.transactionId = transaction.id();
        transfer.connectedAccountId = connectedAccountId;
        transfer.purpose = "payment";
        transfer.stripeTransferId = made.id();
        transfer.stripeDestinationPaymentId = made.destinationPaymentId();
        transfer.amount = made.amount().getAmount();
        transfer.currency = made.amount().getCurrencyUnit().getCode();
        transfer.status = "created";
        transfer.createdAt = now;
        return transfer;
    }

    /** The payment it came from. */
    public UUID transactionId() {
        return transactionId;
    }

    public UUID id() {
        return id;
    }

    public static Optional<Transfer> byStripeId(String transfer) {
        return find("stripeTransferId", transfer).firstResultOptional();
    }
}
