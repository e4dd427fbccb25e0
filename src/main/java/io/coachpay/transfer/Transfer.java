package io.coachpay.transfer;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.NaturalId;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeTransfer;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A transfer from the platform to a coach's account. Stripe makes the one of a destination charge by itself. */
@Entity
@Table(name = "transfers")
public class Transfer extends PanacheEntityBase {

    private static final String PAYMENT = "payment";

    @Id
    private UUID id;
    @Column(name = "transaction_id")
    private UUID transactionId;
    @Column(name = "connected_account_id")
    private UUID connectedAccountId;
    private String purpose;
    @NaturalId
    @Column(name = "stripe_transfer_id")
    private String stripeTransferId;
    @Column(name = "stripe_destination_payment_id")
    private @Nullable String stripeDestinationPaymentId;
    @Embedded
    private Amount amount;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Transfer() {
    }

    /**
     * Creates the row of a transfer that Stripe has made.
     *
     * @param step the request it was made for; null for the transfer of the payment itself
     */
    @SuppressWarnings("NullAway.Init")
    static Transfer of(UUID transactionId, UUID connectedAccountId, @Nullable TransferRequest step, StripeTransfer made,
            Instant now) {
        Transfer transfer = new Transfer();
        transfer.id = Ids.next();
        transfer.transactionId = transactionId;
        transfer.connectedAccountId = connectedAccountId;
        transfer.purpose = step == null ? PAYMENT : step.purpose().column();
        transfer.stripeTransferId = made.id();
        transfer.stripeDestinationPaymentId = made.destinationPaymentId();
        transfer.amount = Amount.of(made.amount());
        transfer.createdAt = now;
        return transfer;
    }

    public UUID id() {
        return id;
    }

    /** The id of its payment. */
    public UUID transactionId() {
        return transactionId;
    }

    /** {@code tr_…} */
    public String stripeId() {
        return stripeTransferId;
    }

    /** The gross amount: in that of a payment, the platform's fee is included. */
    public Money amount() {
        return amount.money();
    }

    /** Whether Stripe made it with the payment itself, rather than from the platform's balance later. */
    public boolean isOfPayment() {
        return purpose.equals(PAYMENT);
    }

    /** Finds one by Stripe's id, {@code tr_…}; without a flush, which would write one row at a time. */
    public static Optional<Transfer> byStripeId(String transfer) {
        return getSession().bySimpleNaturalId(Transfer.class).loadOptional(transfer);
    }

    /** Lists those of a payment, the payment's own first. */
    public static List<Transfer> of(UUID transactionId) {
        return Transfer.<Transfer> list("transactionId = ?1 order by id", transactionId).stream()
                .sorted(Comparator.comparing(Transfer::isOfPayment).reversed()).toList();
    }
}
