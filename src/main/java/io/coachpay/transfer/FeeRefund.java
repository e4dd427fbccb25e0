package io.coachpay.transfer;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.joda.money.Money;

import io.coachpay.access.Amount;
import io.coachpay.access.Ids;
import io.coachpay.stripe.StripeApplicationFee;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A part of the platform's fee given back to a coach. Stripe does not name the refund, so it belongs to the payment. */
@Entity
@Table(name = "fee_refunds")
class FeeRefund extends PanacheEntityBase {

    @Id
    private UUID id;
    @Column(name = "transaction_id")
    private UUID transactionId;
    @Column(name = "stripe_fee_refund_id")
    private String stripeFeeRefundId;
    @Column(name = "stripe_application_fee_id")
    private String stripeApplicationFeeId;
    @Embedded
    private Amount amount;
    @Column(name = "occurred_at")
    private Instant occurredAt;
    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected FeeRefund() {
    }

    @SuppressWarnings("NullAway.Init")
    static FeeRefund of(UUID transactionId, String fee, StripeApplicationFee.FeeRefund told, Instant now) {
        FeeRefund refund = new FeeRefund();
        refund.id = Ids.next();
        refund.transactionId = transactionId;
        refund.stripeFeeRefundId = told.id();
        refund.stripeApplicationFeeId = fee;
        refund.amount = Amount.of(told.amount());
        refund.occurredAt = told.created();
        refund.createdAt = now;
        return refund;
    }

    Money amount() {
        return amount.money();
    }

    static List<FeeRefund> of(UUID transactionId) {
        return list("transactionId", transactionId);
    }
}
