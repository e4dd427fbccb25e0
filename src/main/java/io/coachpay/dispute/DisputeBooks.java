package io.coachpay.dispute;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;

import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.CreditPostings.Holder;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.MoneyReturned;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.refund.RefundBooks;
import io.coachpay.stripe.StripeBalanceTransaction;
import io.coachpay.stripe.StripeDispute;
import io.coachpay.transfer.TransferRecorded;
import io.coachpay.transfer.TransferRequest;
import io.coachpay.transfer.TransferRequestCompleted;

/**
 * Writes disputes: mirrored from Stripe, booked, and settled with the coach. Every verb joins the caller's database
 * transaction, and none calls Stripe.
 */
@ApplicationScoped
public class DisputeBooks {

    private static final Duration BETWEEN_CHECKS = Duration.ofHours(1);

    private final Ledger ledger;
    private final Recoveries recoveries;
    private final RefundBooks refunds;
    private final Event<DisputeChanged> changes;
    private final Event<MoneyReturned> returned;
    private final EntityManager entities;
    private final Clock clock;

    DisputeBooks(Ledger ledger, Recoveries recoveries, RefundBooks refunds, Event<DisputeChanged> changes,
            Event<MoneyReturned> returned, EntityManager entities, Clock clock) {
        this.ledger = ledger;
        this.recoveries = recoveries;
        this.refunds = refunds;
        this.changes = changes;
        this.returned = returned;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Applies a dispute of Stripe's, books its new balance transactions, and settles the result with the coach.
     *
     * @param asOf when Stripe was asked; an older state is stale and ignored
     * @throws MissingParent when it is about no payment of ours
     */
    @Transactional(TxType.MANDATORY)
    public void apply(StripeDispute told, Instant asOf) {
        Transaction payment = payment(told);
        Dispute dispute = Dispute.lockedByStripeId(told.id())
                .orElseGet(() -> Dispute.of(payment.id(), told, clock.instant()));
        Decision before = Decision.of(dispute);
        dispute.apply(told, asOf);
        dispute.persist();
        entities.flush();
        // The database has summed the amounts that disputes took of the payment.
        entities.refresh(payment);
        told.balanceTransactions().forEach(line -> book(payment, line));
        follow(payment, told.balanceTransactions());
        boolean settled = recoveries.settle(payment, dispute.id());
        if (!dispute.isSubmissionOwed()) {
            dispute.checkNext(settled && dispute.isDone() ? null : clock.instant().plus(BETWEEN_CHECKS));
        }
        if (dispute.closedAt() != null && !Decision.of(dispute).equals(before)) {
            refunds.requestRest(payment);
        }
        changes.fire(new DisputeChanged(payment));
    }

    /** The facts that decide a payer's claim to a refund: whether the bank has decided, and the amount it keeps. */
    private record Decision(boolean made, Money kept) {

        static Decision of(Dispute dispute) {
            return new Decision(dispute.closedAt() != null, dispute.withdrawnAmount());
        }
    }

    /**
     * Settles with the coach again. A withdrawn request that Stripe made all the same, or one that an administrator retried
     * too late, has to be undone. And money that repaid the coach for a refund can be taken for a dispute that came meanwhile.
     */
    @Transactional(TxType.MANDATORY)
    void on(@Observes TransferRequestCompleted completed) {
        TransferRequest step = completed.step();
        UUID disputeId = step.disputeId();
        if (disputeId == null && step.kind() == TransferRequest.Kind.TRANSFER) {
            takeWhatHadToWait(completed.transaction());
        } else if (disputeId != null && (step.isWithdrawn() || step.isDecided())) {
            recoveries.settle(completed.transaction(), disputeId);
        }
    }

    /** Takes the coach's share that had to wait for a transfer to reverse. */
    @Transactional(TxType.MANDATORY)
    void on(@Observes TransferRecorded known) {
        takeWhatHadToWait(known.transaction());
    }

    private void takeWhatHadToWait(Transaction payment) {
        Dispute.of(payment.id()).stream().filter(dispute -> dispute.withdrawnAmount().isPositive()).findFirst()
                .ifPresent(dispute -> recoveries.settle(payment, dispute.id()));
    }

    private void book(Transaction payment, StripeBalanceTransaction line) {
        if (!line.amount().isZero() || !line.fee().isZero()) {
            ledger.post(Postings.disputeFunds(line.id(), line.amount(), line.fee(), line.created()).of(payment.id()));
        }
    }

    /**
     * Tells those whose goods follow the money, also where nothing is new: the answer before may have been booked while a newer
     * one, without its lines, stood in the dispute's row.
     */
    private void follow(Transaction payment, List<StripeBalanceTransaction> lines) {
        if (!lines.isEmpty()) {
            StripeBalanceTransaction last = lines.get(lines.size() - 1);
            returned.fire(new MoneyReturned(payment, Holder.DISPUTE, last.id(), last.created()));
        }
    }

    private static Transaction payment(StripeDispute told) {
        Optional<Transaction> paid = told.paymentIntentId() != null ? TransactionQueries.locked(null, told.paymentIntentId())
                : Optional.ofNullable(told.chargeId()).flatMap(TransactionQueries::lockedByCharge);
        return paid.orElseThrow(() -> new MissingParent("transaction of " + told.id()));
    }
}
