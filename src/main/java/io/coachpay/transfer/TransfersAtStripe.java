package io.coachpay.transfer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.coach.ConnectedAccount;
import io.coachpay.http.NotFound;
import io.coachpay.job.Backoff;
import io.coachpay.payment.Transaction;
import io.coachpay.stripe.Creation;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeApplicationFee;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeBacked;
import io.coachpay.stripe.StripeRefunds;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.stripe.StripeTagged;
import io.coachpay.stripe.StripeTransfer;
import io.coachpay.stripe.StripeTransfers;

/**
 * Has Stripe make transfer requests, and books each answer as the event about it would be. No database transaction is open
 * while Stripe is called.
 */
@ApplicationScoped
public class TransfersAtStripe {

    private static final Logger LOG = Logger.getLogger(TransfersAtStripe.class);
    static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);
    private static final Backoff WAITS = Backoff.doubling(Duration.ofMinutes(10), Duration.ofHours(5));

    private final Access access;
    private final TransferBooks transfers;
    private final TransferRequestBooks requests;
    private final TransferSync sync;
    private final StripeTransfers stripe;
    private final StripeRefunds fees;
    private final IdempotentCalls once;
    private final Clock clock;
    private final Creation<Row, Told> creation;

    TransfersAtStripe(Access access, TransferBooks transfers, TransferRequestBooks requests, TransferSync sync,
            StripeTransfers stripe, StripeRefunds fees, IdempotentCalls once, Clock clock) {
        this.access = access;
        this.transfers = transfers;
        this.requests = requests;
        this.sync = sync;
        this.stripe = stripe;
        this.fees = fees;
        this.once = once;
        this.clock = clock;
        this.creation = new Creation<>("transfer_step", "create", this::read, this::find, this::create, this::note,
                this::nextAttempt);
    }

    /** Has Stripe make an open request once, or records on it why Stripe does not. */
    public void advance(UUID id) {
        // Truncated like the database's, since it is compared with what is read again.
        Instant next = clock.instant().plus(BETWEEN_TRIES).truncatedTo(ChronoUnit.MICROS);
        boolean open = access.asService(() -> TransferRequest.locked(id).filter(TransferRequest::isOpen).map(step -> {
            step.progress().checkNext(next);
            return true;
        }).orElse(false));
        if (!open) {
            return;
        }
        IdempotentCalls.Making<Row, Told> making = new IdempotentCalls.Making<>(creation, id);
        try {
            once.ensure(making);
        } catch (StripeRefused.InsufficientBalance notYet) {
            LOG.infof("Step %s waits for funds: %s", id, notYet.getMessage());
            access.runAsService(() -> TransferRequest.locked(id).ifPresent(
                    step -> step.progress().waitForFunds(making.attempt(), notYet.reason().code(), notYet.getMessage(), next,
                            clock.instant().plus(WAITS.after(step.progress().attempt())))));
        } catch (IdempotentCalls.NotWanted decided) {
            LOG.infof("%s", decided.getMessage());
        } catch (StripeRefused.RateLimited limited) {
            LOG.warnf("Step %s is retried in %s: %s", id, limited.pause(), limited.getMessage());
            access.runAsService(() -> TransferRequest.locked(id).filter(TransferRequest::isOpen)
                    .ifPresent(step -> step.progress().checkNext(clock.instant().plus(limited.pause()))));
        } catch (StripeAway | StripeRefused.KeyInUse later) {
            LOG.warnf("Step %s is retried: %s", id, later.getMessage());
        } catch (StripeRefused refused) {
            refuse(id, making.attempt(), refused);
        }
    }

    /**
     * Refreshes the payment first: where Stripe has less left than we thought, an event about it is missing.
     */
    private void refuse(UUID id, int attempt, StripeRefused refused) {
        LOG.errorf("Stripe refused step %s: %s", id, refused.getMessage());
        UUID payment = access.asService(() -> TransferRequest.<TransferRequest> findById(id).transactionId());
        try {
            if (refused instanceof StripeRefused.UnexpectedState) {
                sync.sync(payment);
            }
        } catch (StripeRefused later) {
            LOG.warnf("The reason for refusing step %s is looked up later: %s", id, later.getMessage());
            return;
        }
        access.runAsService(() -> requests.refuse(id, attempt, refused.reason().code(), refused.getMessage()));
    }

    /** Looks for a request's object at Stripe, and applies it if Stripe has made it. */
    void find(UUID id) {
        once.find(creation, id);
    }

    /** A transfer, a reversal or a fee refund, with the verb that books it. */
    private record Told(String stripeId, Runnable booking) {
    }

    /** The request with the rows that its call needs. */
    private record Row(TransferRequest step, Transaction transaction, @Nullable Transfer transfer,
            @Nullable String presentAccount) {

        /**
         * Money of a card payment is in the account of its time; for credits there is none yet, and the present one gets it.
         */
        String destination() {
            boolean withCredits = step.purpose() == TransferRequest.Purpose.CREDIT_SESSION;
            return withCredits && presentAccount != null ? presentAccount : transaction.destinationAccount();
        }

        String transferId() {
            if (transfer == null) {
                throw new IllegalStateException("Step " + step.id() + " reverses no transfer");
            }
            return transfer.stripeId();
        }

        String feeId() {
            String fee = transaction.atStripe().applicationFee();
            if (fee == null) {
                throw new IllegalStateException("The fee of payment " + transaction.id() + " is not known yet");
            }
            return fee;
        }
    }

    private StripeBacked<Row> read(UUID id) {
        return access.asService(() -> {
            TransferRequest step = TransferRequest.<TransferRequest> findByIdOptional(id)
                    .orElseThrow(() -> new NotFound("step"));
            UUID transfer = step.transferId();
            Transaction payment = Transaction.findById(step.transactionId());
            Row row = new Row(step, payment, transfer == null ? null : Transfer.findById(transfer),
                    Optional.ofNullable(payment.terms().coachId()).map(ConnectedAccount::ofUser).map(ConnectedAccount::stripeId)
                            .orElse(null));
            // The row may be younger than the object: after the database was restored, the same id may name another request.
            return new StripeBacked<>(row, id, step.stripeId(), step.progress().attempt(), Instant.EPOCH);
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
        UUID id = row.step().id();
        if (!row.step().isOpen()) {
            throw new IdempotentCalls.NotWanted("Step " + id);
        }
        return Optional.of(switch (row.step().kind()) {
            case TRANSFER -> told(stripe.create(new StripeTransfers.NewTransfer(id, row.destination(),
                    row.step().amount(), row.transaction().id().toString()), key));
            case REVERSAL -> told(row,
                    stripe.reverse(new StripeTransfers.NewReversal(id, row.transferId(), row.step().amount()), key));
            case FEE_REFUND -> told(row,
                    fees.refundFee(new StripeRefunds.NewFeeRefund(id, row.feeId(), row.step().amount()), key));
        });
    }

    private static <T extends StripeTagged> Optional<T> ours(Row row, List<T> listed) {
        return listed.stream().filter(made -> made.isOf(row.step().id())).findFirst();
    }

    private Told told(StripeTransfer made) {
        return new Told(made.id(), () -> transfers.apply(made));
    }

    private Told told(Row row, StripeTransfer.Reversal made) {
        return new Told(made.id(), () -> transfers.apply(row.transferId(), made));
    }

    private Told told(Row row, StripeApplicationFee.FeeRefund made) {
        return new Told(made.id(), () -> transfers.apply(row.transaction().id(), row.feeId(), made));
    }

    private String note(Row row, Told told, Instant asked) {
        access.runAsService(told.booking());
        return told.stripeId();
    }

    private void nextAttempt(UUID id, int after) {
        access.runAsService(() -> TransferRequest.locked(id).ifPresent(step -> step.progress().nextAttempt(after)));
    }
}
