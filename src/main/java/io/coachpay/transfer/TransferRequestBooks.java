package io.coachpay.transfer;

import java.time.Clock;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.transfer.TransferRequest.Kind;
import io.coachpay.transfer.TransferRequest.Purpose;

/**
 * Requests to move money between the platform and a coach on its own, recorded in the database transaction that decides them.
 * Stripe is asked right after ({@link TransfersAtStripe}), again after a crash, and again while funds are missing.
 */
@ApplicationScoped
public class TransferRequestBooks {

    /** Skips locked rows: a worker that is busy with a request sets its next try itself. */
    private static final String TRY_NOW = """
            update transfer_steps set check_at = ?1
             where id in (select s.id from transfer_steps s join transactions t on t.id = s.transaction_id
                           where s.status in ('requested', 'waiting_for_funds') and s.check_at > ?1
                             and case when cast(?2 as text) is null then s.kind <> 'reversal'
                                      else s.kind = 'reversal' and t.destination_account = ?2 end
                             for update of s skip locked)""";

    private final Event<TransferRequestCancelled> cancelled;
    private final EntityManager entities;
    private final Clock clock;

    TransferRequestBooks(Event<TransferRequestCancelled> cancelled, EntityManager entities, Clock clock) {
        this.cancelled = cancelled;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Records a request to reverse a transfer, in whole or in part.
     *
     * @param amount gross, positive; Stripe refuses more than is left of the transfer
     * @param cause our row of the refund or dispute, as the purpose says; null for a transfer that was not wanted any more
     */
    @Transactional(TxType.MANDATORY)
    public TransferRequest reverse(Transfer transfer, Money amount, Purpose purpose, @Nullable UUID cause) {
        return write(Kind.REVERSAL, purpose, transfer.transactionId(), transfer, cause, amount);
    }

    /**
     * Records a request that the platform gives a part of its fee back to the coach.
     *
     * @param amount positive
     * @param cause our row of the refund or dispute, as the purpose says
     */
    @Transactional(TxType.MANDATORY)
    public TransferRequest refundFee(Transaction transaction, Money amount, Purpose purpose, UUID cause) {
        return write(Kind.FEE_REFUND, purpose, transaction.id(), null, cause, amount);
    }

    /**
     * Records a request that the platform sends money to the payment's account.
     *
     * @param amount positive; it waits until the platform's balance at Stripe holds it
     * @param cause our row of the refund or dispute, as the purpose says; null for a session paid with credits
     */
    @Transactional(TxType.MANDATORY)
    public TransferRequest send(Transaction transaction, Money amount, Purpose purpose, @Nullable UUID cause) {
        return write(Kind.TRANSFER, purpose, transaction.id(), null, cause, amount);
    }

    /**
     * Withdraws an open request. If Stripe is making it at this moment, it is booked all the same, and
     * {@link TransferRequestCompleted} is fired. The caller holds the payment's lock.
     */
    @Transactional(TxType.MANDATORY)
    public void withdraw(Transaction transaction, TransferRequest step) {
        entities.refresh(step, LockModeType.PESSIMISTIC_WRITE);
        if (step.isOpen()) {
            step.progress().withdraw();
            cancelled(transaction, step);
        }
    }

    /** Withdraws a request that Stripe has not made, also one that it refused: another takes its place. Both locks are held. */
    @Transactional(TxType.MANDATORY)
    void replace(Transaction transaction, TransferRequest step) {
        step.progress().withdraw();
        cancelled(transaction, step);
    }

    private void cancelled(Transaction transaction, TransferRequest step) {
        entities.flush();
        cancelled.fire(new TransferRequestCancelled(step, transaction));
    }

    /** Withdraws a request for an administrator; the locks of payment and request are held. */
    @Transactional(TxType.MANDATORY)
    void withdraw(Transaction transaction, TransferRequest step, UUID by) {
        step.withdraw(by, clock.instant());
        cancelled(transaction, step);
    }

    /**
     * Records that Stripe refused a request.
     *
     * @param attempt the refused one; ignored where the request has a later one
     */
    @Transactional(TxType.MANDATORY)
    void refuse(UUID id, int attempt, @Nullable String code, @Nullable String message) {
        Transaction transaction = TransactionQueries.locked(TransferRequest.<TransferRequest> findById(id).transactionId())
                .orElseThrow();
        TransferRequest.locked(id).filter(step -> step.progress().isAt(attempt)).ifPresent(step -> {
            step.progress().refuse(code, message);
            cancelled(transaction, step);
        });
    }

    /**
     * Makes requests that wait for a balance due now, since it has grown.
     *
     * @param account the connected account, from which reversals take; null for the platform's, from which all else comes
     */
    @Transactional(TxType.MANDATORY)
    public void fundsArrived(@Nullable String account) {
        entities.createNativeQuery(TRY_NOW).setParameter(1, clock.instant()).setParameter(2, account).executeUpdate();
    }

    /** Flushes at once, so that a duplicate request breaks the database transaction here. The payment's lock is held. */
    private TransferRequest write(Kind kind, Purpose purpose, UUID transactionId, @Nullable Transfer transfer,
            @Nullable UUID cause, Money amount) {
        UUID transferId = transfer == null ? null : transfer.id();
        int number = (int) TransferRequest.of(transactionId).stream().filter(other -> other.asks(kind, purpose, transferId))
                .count();
        TransferRequest step = TransferRequest.of(kind, purpose, transactionId, transfer, cause, amount, number,
                clock.instant());
        step.persist();
        entities.flush();
        return step;
    }
}
