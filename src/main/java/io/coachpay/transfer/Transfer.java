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

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeTransfer;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** Money that went from the platform to a coach's account; of a destination charge, made by Stripe with it. */
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
     * A transfer that Stripe has made.
     *
     * @param step what it was made for; null for the one that came with the payment itself
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

    /** The payment it belongs to. */
    public UUID transactionId() {
        return transactionId;
    }

    /** {@code tr_…} */
    public String stripeId() {
        return stripeTransferId;
    }

    /** Gross: of a payment, the platform's fee is still in it. */
    public Money amount() {
        return amount.money();
    }

    /** Whether it came with the payment itself, and not from the platform's balance later. */
    public boolean isOfPayment() {
        return purpose.equals(PAYMENT);
    }

    /** The one that Stripe knows under this id. */
    public static Optional<Transfer> byStripeId(String transfer) {
        return find("stripeTransferId", transfer).firstResultOptional();
    }

    /** All of a payment, the payment's own first. */
    public static List<Transfer> of(UUID transactionId) {
        return Transfer.<Transfer> list("transactionId = ?1 order by id", transactionId).stream()
                .sorted(Comparator.comparing(Transfer::isOfPayment).reversed()).toList();
    }
}
