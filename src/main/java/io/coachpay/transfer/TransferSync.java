package io.coachpay.transfer;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.stripe.StripeApplicationFee;
import io.coachpay.stripe.StripeCharge;
import io.coachpay.stripe.StripePayments;
import io.coachpay.stripe.StripeRefunds;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeTransfer;
import io.coachpay.stripe.StripeTransfers;

/** Refreshes transfers and fees from Stripe and books them, where an event may be missing. */
@ApplicationScoped
public class TransferSync {

    private final Access access;
    private final TransferBooks transfers;
    private final TransactionBooks payments;
    private final StripeTransfers stripe;
    private final StripeRefunds fees;
    private final StripePayments charges;

    TransferSync(Access access, TransferBooks transfers, TransactionBooks payments, StripeTransfers stripe, StripeRefunds fees,
            StripePayments charges) {
        this.access = access;
        this.transfers = transfers;
        this.payments = payments;
        this.stripe = stripe;
        this.fees = fees;
        this.charges = charges;
    }

    /** A transfer with all its reversals. */
    private record Whole(StripeTransfer transfer, List<StripeTransfer.Reversal> reversals) {
    }

    /**
     * Refreshes a paid payment: its transfers, their reversals, and the refunds of its fee.
     *
     * @throws StripeRefused when Stripe refuses or is away; nothing is lost by asking again
     */
    public void sync(UUID transactionId) {
        Transaction transaction = access.asService(() -> Transaction.<Transaction> findByIdOptional(transactionId)
                .orElseThrow(() -> new NotFound("transaction")));
        String fee = fee(transaction);
        List<Whole> told = stripe.list(transactionId.toString()).stream().map(this::whole).toList();
        access.runAsService(() -> told.forEach(one -> transfers.apply(one.transfer(), one.reversals())));
        if (fee != null) {
            StripeApplicationFee taken = fees.retrieveFee(fee);
            List<StripeApplicationFee.FeeRefund> refunds = taken.refundsWhole() ? taken.refunds() : fees.listFeeRefunds(fee);
            access.runAsService(() -> transfers.apply(taken, refunds));
        }
    }

    /**
     * Refreshes one transfer, {@code tr_…}, with all its reversals.
     *
     * @throws StripeRefused when Stripe refuses or is away; nothing is lost by asking again
     */
    public void sync(String transferId) {
        Whole told = whole(stripe.retrieve(transferId));
        access.runAsService(() -> transfers.apply(told.transfer(), told.reversals()));
    }

    private Whole whole(StripeTransfer transfer) {
        return new Whole(transfer,
                transfer.reversalsWhole() ? transfer.reversals() : stripe.listReversals(transfer.id()));
    }

    /** Returns the fee; null while the charge is unknown. */
    private @Nullable String fee(Transaction transaction) {
        String charge = transaction.atStripe().charge();
        if (transaction.atStripe().applicationFee() != null || transaction.amounts().fee().isZero() || charge == null) {
            return transaction.atStripe().applicationFee();
        }
        StripeCharge told = charges.retrieveCharge(charge);
        access.runAsService(() -> payments.apply(told));
        return told.applicationFeeId();
    }
}
