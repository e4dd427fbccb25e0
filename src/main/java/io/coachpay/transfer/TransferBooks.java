package io.coachpay.transfer;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Rows;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.Journal;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.stripe.StripeApplicationFee;
import io.coachpay.stripe.StripeTagged;
import io.coachpay.stripe.StripeTransfer;

/**
 * Books transfers, their reversals and fee refunds. Each is booked once, with Stripe's amounts; its transfer request decides
 * which journal it makes. None of these verbs calls Stripe ({@link TransferSync} and {@link TransfersAtStripe} do).
 */
@ApplicationScoped
public class TransferBooks {

    private static final String ACCOUNT = """
            select id from stripe_connected_accounts
             where stripe_account_id = ? or replaced_accounts @> array[?::text]""";

    private final Ledger ledger;
    private final Event<TransferRequestCompleted> completions;
    private final Event<TransferRecorded> known;
    private final RefundSource refunds;
    private final CreditTransfers credits;
    private final TransferRequestBooks requests;
    private final EntityManager entities;
    private final Rows rows;
    private final Clock clock;

    TransferBooks(Ledger ledger, Event<TransferRequestCompleted> completions, Event<TransferRecorded> known,
            RefundSource refunds, CreditTransfers credits, TransferRequestBooks requests, EntityManager entities,
            DataSource database, Clock clock) {
        this.ledger = ledger;
        this.completions = completions;
        this.known = known;
        this.refunds = refunds;
        this.credits = credits;
        this.requests = requests;
        this.entities = entities;
        this.rows = new Rows(database);
        this.clock = clock;
    }

    /**
     * Applies a transfer of Stripe's and those of its reversals that the object lists. A transfer of no payment and no request
     * of ours is ignored.
     *
     * @throws MissingParent when its payment or its account is not ours yet
     */
    @Transactional(TxType.MANDATORY)
    public void apply(StripeTransfer told) {
        apply(told, told.reversals());
    }

    /** Applies a transfer with all its reversals, where the object lists only the newest. */
    @Transactional(TxType.MANDATORY)
    public void apply(StripeTransfer told, List<StripeTransfer.Reversal> reversals) {
        String charge = told.sourceChargeId();
        if (charge == null && told.coachpayId() == null) {
            return;
        }
        Transaction transaction = TransactionQueries.locked(told.transferGroup(), null)
                .or(() -> Optional.ofNullable(charge).flatMap(TransactionQueries::lockedByCharge))
                .orElseThrow(() -> new MissingParent("transaction of " + told.id()));
        if (told.coachpayId() == null && !isFor(transaction, told)) {
            return;
        }
        Transfer transfer = Transfer.byStripeId(told.id()).orElseGet(() -> book(transaction, told));
        reversals.forEach(reversal -> book(transaction, transfer, reversal));
    }

    /**
     * Whether the transfer came with this payment. One to another account is not booked, once the payment is known to be held.
     */
    private static boolean isFor(Transaction transaction, StripeTransfer told) {
        if (transaction.reachedCoach() && !transaction.destinationAccount().equals(told.destinationId())) {
            throw new MissingParent("payment of " + told.id());
        }
        return transaction.reachedCoach();
    }

    /** Applies a reversal of a transfer. */
    @Transactional(TxType.MANDATORY)
    public void apply(String transferId, StripeTransfer.Reversal told) {
        Transfer transfer = Transfer.byStripeId(transferId).orElseThrow(() -> new MissingParent("transfer " + transferId));
        book(locked(transfer.transactionId()), transfer, told);
    }

    /** Applies every refund of the platform's fee that is not booked yet. */
    @Transactional(TxType.MANDATORY)
    public void apply(StripeApplicationFee told, List<StripeApplicationFee.FeeRefund> refunds) {
        String charge = told.originatingChargeId();
        Transaction transaction = TransactionQueries.lockedByApplicationFee(told.id())
                .or(() -> Optional.ofNullable(charge).flatMap(TransactionQueries::lockedByCharge))
                .orElseThrow(() -> new MissingParent("transaction of " + told.id()));
        refunds.forEach(refund -> book(transaction, told.id(), refund));
    }

    /** Applies one refund of this payment's fee. */
    @Transactional(TxType.MANDATORY)
    public void apply(UUID transactionId, String fee, StripeApplicationFee.FeeRefund told) {
        book(locked(transactionId), fee, told);
    }

    // ---- what is left

    /**
     * The part of a payment's transfers and of its fee that was neither given back nor is asked for by an open request.
     *
     * @param parts the payment's own first
     */
    public record Left(List<Part> parts, Money fee) {
    }

    /** One transfer, and the amount of it that the coach still has. */
    public record Part(Transfer transfer, Money left) {
    }

    /** Computes from Stripe's reports what is left of a payment; its lock is held by the caller. */
    @Transactional(TxType.MANDATORY)
    public Left leftOf(Transaction transaction) {
        List<TransferRequest> open = TransferRequest.of(transaction.id()).stream().filter(TransferRequest::isOpen).toList();
        List<Part> parts = Transfer.of(transaction.id()).stream().map(transfer -> {
            Money left = transfer.amount().minus(reversedOf(transfer));
            for (TransferRequest step : open) {
                left = transfer.id().equals(step.transferId()) ? left.minus(step.amount()) : left;
            }
            return new Part(transfer, left);
        }).toList();
        Money fee = transaction.amounts().fee().minus(Money.total(transaction.amount().getCurrencyUnit(),
                FeeRefund.of(transaction.id()).stream().map(FeeRefund::amount).toList()));
        for (TransferRequest step : open) {
            fee = step.kind() == TransferRequest.Kind.FEE_REFUND ? fee.minus(step.amount()) : fee;
        }
        return new Left(parts, fee);
    }

    private static Money reversedOf(Transfer transfer) {
        return Money.total(transfer.amount().getCurrencyUnit(), TransferReversal.of(transfer.transactionId()).stream()
                .filter(reversal -> reversal.transferId().equals(transfer.id())).map(TransferReversal::amount).toList());
    }

    /** Links a reversal to the refund that Stripe made it for, where the reversal was applied before its refund was known. */
    @Transactional(TxType.MANDATORY)
    public void link(String reversalId, UUID refundId) {
        TransferReversal.byStripeId(reversalId).ifPresent(reversal -> reversal.isFor(refundId));
    }

    // ---- booking

    private Transfer book(Transaction transaction, StripeTransfer told) {
        TransferRequest step = step(transaction, told, told.id());
        Transfer transfer = Transfer.of(transaction.id(), account(told), step, told, clock.instant());
        transfer.persist();
        if (step != null) {
            switch (step.purpose()) {
                case REFUND_FAILED -> repay(transaction, told);
                case DISPUTE_WON -> ledger.post(Postings
                        .disputeRepaid(told.id(), transaction.coachId(), told.amount(), told.created()).of(transaction.id()));
                case CREDIT_SESSION -> payForCredits(transaction, step, transfer, told);
                case REFUND_REST, DISPUTE_RECOVERY, CREDIT_REFUND ->
                    throw new IllegalStateException(step.purpose() + " is no reason for a transfer");
            }
            completed(step, told.id(), new TransferRequestCompleted(step, transaction, told.amount(), told.created()));
        } else {
            known.fire(new TransferRecorded(transaction));
        }
        return transfer;
    }

    private void repay(Transaction transaction, StripeTransfer told) {
        ledger.post(Postings.refundRepaid(told.id(), transaction.coachId(), told.amount(), told.created())
                .of(transaction.id()));
    }

    /** The credits may have gone back to their user while Stripe made the transfer. Then the coach's part is taken back. */
    private void payForCredits(Transaction transaction, TransferRequest step, Transfer transfer, StripeTransfer told) {
        if (credits.isDue(transaction, told.amount())) {
            credits.earn(transaction, told.id(), told.amount(), told.created());
        } else {
            repay(transaction, told);
            step.progress().withdraw();
            requests.reverse(transfer, told.amount(), TransferRequest.Purpose.CREDIT_REFUND, null);
        }
    }

    private void book(Transaction transaction, Transfer transfer, StripeTransfer.Reversal told) {
        if (TransferReversal.byStripeId(told.id()).isPresent()) {
            return;
        }
        TransferRequest step = step(transaction, told, told.id());
        boolean disputed = step != null && step.purpose() == TransferRequest.Purpose.DISPUTE_RECOVERY;
        Journal journal = disputed
                ? Postings.disputeRecovered(told.id(), transaction.coachId(), told.amount(), told.created())
                : Postings.transferReversed(told.id(), transaction.coachId(), told.amount(), told.created());
        TransferReversal.of(transfer, told, step == null ? refund(told) : step.refundId(), clock.instant()).persist();
        entities.flush();
        ledger.post(journal.of(transaction.id()));
        if (step != null) {
            completed(step, told.id(), new TransferRequestCompleted(step, transaction, told.amount(), told.created()));
        }
    }

    private void book(Transaction transaction, String fee, StripeApplicationFee.FeeRefund told) {
        boolean fresh = ledger.post(Postings.feeRefunded(told.id(), transaction.coachId(), told.amount(), told.created())
                .of(transaction.id()));
        if (!fresh) {
            return;
        }
        FeeRefund.of(transaction.id(), fee, told, clock.instant()).persist();
        TransferRequest step = step(transaction, told, told.id());
        if (step != null) {
            completed(step, told.id(), new TransferRequestCompleted(step, transaction, told.amount(), told.created()));
        }
    }

    /** Returns the request that had it made; null where a payment, a refund or the dashboard did. */
    private static @Nullable TransferRequest step(Transaction transaction, StripeTagged told, String id) {
        Optional<TransferRequest> step = TransferRequest.locked(told.coachpayId())
                .filter(known -> known.transactionId().equals(transaction.id()));
        if (step.isEmpty() && told.coachpayId() != null) {
            // The database was restored to an earlier state: the request's cause has yet to be applied again. Or our id was
            // copied to an object of another payment, which must not complete the request.
            throw new MissingParent("step of " + id);
        }
        return step.orElse(null);
    }

    private void completed(TransferRequest step, String stripeId, TransferRequestCompleted what) {
        step.progress().created(stripeId);
        entities.flush();
        completions.fire(what);
    }

    private UUID account(StripeTransfer transfer) {
        String account = transfer.destinationId();
        return rows.query(ACCOUNT, row -> row.getObject("id", UUID.class), account, account).stream().findFirst()
                .orElseThrow(() -> new MissingParent("connected account of " + transfer.id()));
    }

    private @Nullable UUID refund(StripeTransfer.Reversal reversal) {
        return Optional.ofNullable(reversal.sourceRefundId()).flatMap(refunds::find).orElse(null);
    }

    private static Transaction locked(UUID transactionId) {
        return TransactionQueries.locked(transactionId).orElseThrow(() -> new MissingParent("transaction " + transactionId));
    }
}
