package io.coachpay.transfer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.payment.Transaction;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeApplicationFee;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeRefunds;
import io.coachpay.stripe.StripeTagged;
import io.coachpay.stripe.StripeTransfer;
import io.coachpay.stripe.StripeTransfers;

/** What is asked of Stripe for a step. Its answer is concluded like an event that tells the same. */
@ApplicationScoped
class TransfersAtStripe {

    private final Access access;
    private final TransferBooks transfers;
    private final StripeTransfers stripe;
    private final StripeRefunds fees;
    private final IdempotentCalls once;
    private final Creation<Row, Told> creation;

    TransfersAtStripe(Access access, TransferBooks transfers, StripeTransfers stripe, StripeRefunds fees,
            IdempotentCalls once) {
        this.access = access;
        this.transfers = transfers;
        this.stripe = stripe;
        this.fees = fees;
        this.once = once;
        this.creation = new Creation<>("transfer_step", "create", this::read, this::find, this::create, this::note,
                this::nextAttempt);
    }

    /** How Stripe makes a step's object once. */
    IdempotentCalls.Making<Row, Told> making(UUID id) {
        return new IdempotentCalls.Making<>(creation, id);
    }

    /** Looks for a step's object at Stripe, and takes it over if Stripe has made it. */
    void find(UUID id) {
        once.find(creation, id);
    }

    /** A transfer, a reversal or a fee refund, and how our books take it over. */
    record Told(String stripeId, Runnable booking) {
    }

    /** The step with what its call needs besides. */
    record Row(TransferRequest step, Transaction transaction, @Nullable Transfer transfer) implements StripeBacked {

        @Override
        public UUID id() {
            return step.id();
        }

        @Override
        public @Nullable String stripeId() {
            return step.stripeId();
        }

        @Override
        public int attempt() {
            return step.attempt();
        }

        /**
         * The row may be younger than the object: where the database was put back to before it, this is another of the same id.
         */
        @Override
        public Instant soughtFrom() {
            return Instant.EPOCH;
        }

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

    private Optional<Told> find(Row row) {
        return switch (row.step().kind()) {
            case TRANSFER -> ours(row, stripe.list(row.transaction().id().toString())).map(this::told);
            case REVERSAL -> ours(row, stripe.listReversals(row.transferId())).map(made -> told(row, made));
            case FEE_REFUND -> ours(row, fees.listFeeRefunds(row.feeId())).map(made -> told(row, made));
        };
    }

    private Optional<Told> create(Row row, String key) {
        UUID id = row.id();
        if (!row.step().isOpen()) {
            throw new IdempotentCalls.NotWanted("Step " + id);
        }
        return Optional.of(switch (row.step().kind()) {
            case TRANSFER -> told(stripe.create(new StripeTransfers.NewTransfer(id, row.transaction().destinationAccount(),
                    row.step().amount(), row.transaction().id().toString()), key));
            case REVERSAL -> told(row,
                    stripe.reverse(new StripeTransfers.NewReversal(id, row.transferId(), row.step().amount()), key));
            case FEE_REFUND -> told(row,
                    fees.refundFee(new StripeRefunds.NewFeeRefund(id, row.feeId(), row.step().amount()), key));
        });
    }

    private static <T extends StripeTagged> Optional<T> ours(Row row, List<T> listed) {
        return listed.stream().filter(made -> made.isOf(row.id())).findFirst();
    }

    private Told told(StripeTransfer made) {
        return new Told(made.id(), () -> transfers.conclude(made));
    }

    private Told told(Row row, StripeTransfer.Reversal made) {
        return new Told(made.id(), () -> transfers.conclude(row.transferId(), made));
    }

    private Told told(Row row, StripeApplicationFee.FeeRefund made) {
        return new Told(made.id(), () -> transfers.conclude(row.transaction().id(), row.feeId(), made));
    }

    private String note(Row row, Told told, Instant asked) {
        access.runAsService(told.booking());
        return told.stripeId();
    }

    private void nextAttempt(UUID id, int after) {
        access.runAsService(() -> TransferRequest.locked(id).filter(step -> step.attempt() == after)
                .ifPresent(TransferRequest::spendKey));
    }
}
