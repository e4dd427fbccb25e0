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
import io.coachpay.transfer.TransferRequest.Kind;
import io.coachpay.transfer.TransferRequest.Purpose;

/**
 * Requests to move money between the platform and a coach on its own, written down in the database transaction that decides
 * them. Stripe is asked right after ({@link TransfersAtStripe}), again after a crash, and again while the money is not there.
 */
@ApplicationScoped
public class TransferRequestBooks {

    /** Whoever works on a step at this moment says itself when it is tried next. */
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
     * Writes down that so much of a transfer is taken back from the coach.
     *
     * @param amount gross, positive; what Stripe has not left of the transfer it refuses
     * @param cause our row of the refund or of the dispute, whichever the purpose speaks of
     */
    @Transactional(TxType.MANDATORY)
    public TransferRequest reverse(Transfer transfer, Money amount, Purpose purpose, UUID cause) {
        return write(Kind.REVERSAL, purpose, transfer.transactionId(), transfer, cause, amount);
    }

    /**
     * Writes down that the platform gives so much of its fee back to the coach.
     *
     * @param amount positive
     * @param cause our row of the refund or of the dispute, whichever the purpose speaks of
     */
    @Transactional(TxType.MANDATORY)
    public TransferRequest refundFee(Transaction transaction, Money amount, Purpose purpose, UUID cause) {
        return write(Kind.FEE_REFUND, purpose, transaction.id(), null, cause, amount);
    }

    /**
     * Writes down that the platform sends so much to the account which the payment went to.
     *
     * @param amount positive; it waits until the platform's balance at Stripe holds it
     * @param cause our row of the refund or of the dispute, whichever the purpose speaks of
     */
    @Transactional(TxType.MANDATORY)
    public TransferRequest send(Transaction transaction, Money amount, Purpose purpose, UUID cause) {
        return write(Kind.TRANSFER, purpose, transaction.id(), null, cause, amount);
    }

    /**
     * Takes back what was asked for. Stripe may be making it at this moment: then it is booked, and whoever asked for it is
     * told as of any other. The caller holds the payment's lock.
     */
    @Transactional(TxType.MANDATORY)
    public void withdraw(Transaction transaction, TransferRequest step) {
        entities.refresh(step, LockModeType.PESSIMISTIC_WRITE);
        if (step.isOpen()) {
            step.withdraw();
            cancelled(transaction, step);
        }
    }

    private void cancelled(Transaction transaction, TransferRequest step) {
        entities.flush();
        cancelled.fire(new TransferRequestCancelled(step, transaction));
    }

    /** An administrator asks for a step no more; the payment's and the step's locks are held. */
    @Transactional(TxType.MANDATORY)
    void withdraw(Transaction transaction, TransferRequest step, UUID by) {
        step.withdraw(by, clock.instant());
        cancelled(transaction, step);
    }

    /**
     * Stripe refused a step.
     *
     * @param attempt which Stripe refused; where the step has moved on from it, nothing follows
     */
    @Transactional(TxType.MANDATORY)
    void refuse(UUID id, int attempt, @Nullable String code, @Nullable String message) {
        Transaction transaction = Transaction.locked(TransferRequest.<TransferRequest> findById(id).transactionId())
                .orElseThrow();
        TransferRequest.locked(id).filter(step -> step.isAt(attempt)).ifPresent(step -> {
            step.refuse(code, message);
            cancelled(transaction, step);
        });
    }

    /**
     * A balance has grown: what waits for it is tried now.
     *
     * @param account the connected account's, from which reversals take; null for the platform's, from which all else comes
     */
    @Transactional(TxType.MANDATORY)
    public void fundsArrived(@Nullable String account) {
        entities.createNativeQuery(TRY_NOW).setParameter(1, clock.instant()).setParameter(2, account).executeUpdate();
    }

    /** At once, so that a step that must not be there twice breaks the transaction here. The payment's lock is held. */
    private TransferRequest write(Kind kind, Purpose purpose, UUID transactionId, @Nullable Transfer transfer, UUID cause,
            Money amount) {
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
