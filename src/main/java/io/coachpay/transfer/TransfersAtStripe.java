package io.coachpay.transfer;

import java.time.Instant;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.payment.Transaction;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeRefunds;
import io.coachpay.stripe.StripeTagged;
import io.coachpay.stripe.StripeTransfers;

/** What is asked of Stripe for a step. Its answer is concluded like an event that tells the same. */
@ApplicationScoped
class TransfersAtStripe {

    private final Access access;
    private final TransferBooks transfers;
    private final StripeTransfers stripe;
    private final StripeRefunds fees;

    TransfersAtStripe(Access access, TransferBooks transfers, StripeTransfers stripe, StripeRefunds fees) {
        this.access = access;
        this.transfers = transfers;
        this.stripe = stripe;
        this.fees = fees;
    }

    /** How Stripe makes the step's object once. */
    Making making(UUID id) {
        return new Making(id);
    }

    /** The step with what its call needs besides. */
    private record Row(TransferRequest step, Transaction transaction, @Nullable Transfer transfer) {

        String transferId() {
            if (transfer == null) {
                throw new IllegalStateException("Step " + step.id() + " reverses no transfer");
            }
            return transfer.stripeId();
        }

        String feeId() {
            String fee = transaction.applicationFee();
            if (fee == null) {
                throw new IllegalStateException("The fee of payment " + transaction.id() + " is not known yet");
            }
            return fee;
        }

        String key(int attempt) {
            return "transfer_step:" + step.id() + ":create:" + attempt;
        }
    }

    private Row read(UUID id) {
        return access.asService(() -> {
            TransferRequest step = TransferRequest.<TransferRequest> findByIdOptional(id)
                    .orElseThrow(() -> new NotFound("step"));
            UUID transfer = step.transferId();
            return new Row(step, Transaction.findById(step.transactionId()),
                    transfer == null ? null : Transfer.findById(transfer));
        });
    }

    /** A step's object, made once for its row. */
    final class Making implements IdempotentCalls.Creation {

        private final UUID id;
        private int attempt;

        private Making(UUID id) {
            this.id = id;
        }

        /** Which one Stripe was asked with last. */
        int attempt() {
            return attempt;
        }

        @Override
        public IdempotentCalls.Progress progress() {
            TransferRequest step = read(id).step();
            attempt = step.attempt();
            // The row may be younger than the object: where the database was put back to before it, this is another of the same id.
            return new IdempotentCalls.Progress(step.stripeId(), attempt, Instant.EPOCH);
        }

        @Override
        public boolean find() {
            Row row = read(id);
            return switch (row.step().kind()) {
                case TRANSFER -> stripe.list(row.transaction().id().toString()).stream().filter(this::isOurs).findFirst()
                        .map(made -> conclude(() -> transfers.conclude(made))).isPresent();
                case REVERSAL -> stripe.listReversals(row.transferId()).stream().filter(this::isOurs).findFirst()
                        .map(made -> conclude(() -> transfers.conclude(row.transferId(), made))).isPresent();
                case FEE_REFUND -> fees.listFeeRefunds(row.feeId()).stream().filter(this::isOurs).findFirst()
                        .map(made -> conclude(() -> transfers.conclude(row.step().transactionId(), row.feeId(), made)))
                        .isPresent();
            };
        }

        @Override
        public void create(int attempt) {
            Row row = read(id);
            if (!row.step().isOpen()) {
                throw new IdempotentCalls.NotWanted("Step " + id);
            }
            String key = row.key(attempt);
            switch (row.step().kind()) {
                case TRANSFER -> {
                    var made = stripe.create(new StripeTransfers.NewTransfer(id, row.transaction().destinationAccount(),
                            row.step().amount(), row.transaction().id().toString()), key);
                    conclude(() -> transfers.conclude(made));
                }
                case REVERSAL -> {
                    var made = stripe.reverse(new StripeTransfers.NewReversal(id, row.transferId(), row.step().amount()), key);
                    conclude(() -> transfers.conclude(row.transferId(), made));
                }
                case FEE_REFUND -> {
                    var made = fees.refundFee(new StripeRefunds.NewFeeRefund(id, row.feeId(), row.step().amount()), key);
                    conclude(() -> transfers.conclude(row.transaction().id(), row.feeId(), made));
                }
            }
        }

        @Override
        public void nextAttempt(int after) {
            access.runAsService(
                    () -> TransferRequest.locked(id).filter(step -> step.attempt() == after)
                            .ifPresent(TransferRequest::spendKey));
        }

        private boolean isOurs(StripeTagged made) {
            return made.isOf(id);
        }

        private boolean conclude(Runnable work) {
            access.runAsService(work);
            return true;
        }
    }
}
