package io.coachpay.transfer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.access.Access;
import io.coachpay.http.NotFound;
import io.coachpay.http.Paging;
import io.coachpay.http.Reference;
import io.coachpay.job.Backoff;
import io.coachpay.payment.Transaction;
import io.coachpay.stripe.IdempotentCalls;
import io.coachpay.stripe.StripeAway;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.transfer.TransferRequest.Kind;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequest.Status;

/**
 * Moving money between the platform and a coach on its own. Whoever decides it writes a step down in the same transaction;
 * Stripe is asked right after, again after a crash, and again while the money is not there yet.
 */
@ApplicationScoped
public class TransferRequests {

    private static final Logger LOG = Logger.getLogger(TransferRequests.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);
    private static final Backoff WAITS = Backoff.doubling(Duration.ofMinutes(10), Duration.ofHours(5));

    /** Whoever works on a step at this moment says itself when it is tried next. */
    private static final String TRY_NOW = """
            update transfer_steps set check_at = ?1
             where id in (select s.id from transfer_steps s join transactions t on t.id = s.transaction_id
                           where s.status in ('requested', 'waiting_for_funds') and s.check_at > ?1
                             and case when cast(?2 as text) is null then s.kind <> 'reversal'
                                      else s.kind = 'reversal' and t.destination_account = ?2 end
                             for update of s skip locked)""";

    private final Access access;
    private final TransferSync sync;
    private final TransfersAtStripe stripe;
    private final IdempotentCalls once;
    private final Event<TransferRequestCancelled> givenUp;
    private final EntityManager entities;
    private final Clock clock;

    TransferRequests(Access access, TransferSync sync, TransfersAtStripe stripe, IdempotentCalls once,
            Event<TransferRequestCancelled> givenUp,
            EntityManager entities, Clock clock) {
        this.access = access;
        this.sync = sync;
        this.stripe = stripe;
        this.once = once;
        this.givenUp = givenUp;
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
            giveUp(transaction, step);
        }
    }

    private void giveUp(Transaction transaction, TransferRequest step) {
        entities.flush();
        givenUp.fire(new TransferRequestCancelled(step, transaction));
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

    /** Has Stripe make what an open step asks for, once, or says on the step why it does not. */
    public void advance(UUID id) {
        // As the database keeps it, for it is compared with what is read again.
        Instant next = clock.instant().plus(BETWEEN_TRIES).truncatedTo(ChronoUnit.MICROS);
        boolean open = access.asService(() -> TransferRequest.locked(id).filter(TransferRequest::isOpen).map(step -> {
            step.checkNext(next);
            return true;
        }).orElse(false));
        if (!open) {
            return;
        }
        IdempotentCalls.Making<?, ?> making = stripe.making(id);
        try {
            once.ensure(making);
        } catch (StripeRefused.InsufficientBalance notYet) {
            LOG.infof("Step %s waits for funds: %s", id, notYet.getMessage());
            access.runAsService(() -> TransferRequest.locked(id).ifPresent(
                    step -> step.waitForFunds(making.row().attempt(), notYet.reason().code(), notYet.getMessage(), next,
                            clock.instant().plus(WAITS.after(step.attempt())))));
        } catch (IdempotentCalls.NotWanted decided) {
            LOG.infof("%s", decided.getMessage());
        } catch (StripeRefused.RateLimited limited) {
            LOG.warnf("Step %s is tried again in %s: %s", id, limited.pause(), limited.getMessage());
            access.runAsService(() -> TransferRequest.locked(id).filter(TransferRequest::isOpen)
                    .ifPresent(step -> step.checkNext(clock.instant().plus(limited.pause()))));
        } catch (StripeAway | StripeRefused.KeyInUse later) {
            LOG.warnf("Step %s is tried again: %s", id, later.getMessage());
        } catch (StripeRefused refused) {
            refuse(id, making.row().attempt(), refused);
        }
    }

    /** Where Stripe has less left than we thought, somebody took it whom we have not heard of: that is looked up first. */
    private void refuse(UUID id, int attempt, StripeRefused refused) {
        LOG.errorf("Stripe refused step %s: %s", id, refused.getMessage());
        UUID payment = access.asService(() -> TransferRequest.<TransferRequest> findById(id).transactionId());
        try {
            if (refused instanceof StripeRefused.UnexpectedState) {
                sync.sync(payment);
            }
        } catch (StripeRefused later) {
            LOG.warnf("What stands in the way of step %s is looked up later: %s", id, later.getMessage());
            return;
        }
        access.runAsService(() -> {
            Transaction transaction = Transaction.locked(payment).orElseThrow();
            TransferRequest.locked(id).filter(step -> step.isAt(attempt)).ifPresent(step -> {
                step.refuse(refused.reason().code(), refused.getMessage());
                giveUp(transaction, step);
            });
        });
    }

    // ---- what administrators decide

    /**
     * Asks Stripe once more for a step that waits or was refused; it is searched for first.
     *
     * @throws TransferRequestRefused when it is over, or another asks for the same
     */
    TransferRequest retry(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, (payment, step) -> {
            if (TransferRequest.of(step.transactionId()).stream()
                    .anyMatch(other -> other.isOpen() && other.asksTheSameAs(step))) {
                throw new TransferRequestRefused.Replaced();
            }
            step.retry(me, clock.instant());
        });
        advance(id);
        return read(id);
    }

    /**
     * Asks for a step no more that Stripe has not made; it is searched for first.
     *
     * @throws TransferRequestRefused when it is over
     */
    TransferRequest withdraw(Reference reference) {
        UUID me = access.userId();
        UUID id = decide(reference, (payment, step) -> {
            step.withdraw(me, clock.instant());
            giveUp(payment, step);
        });
        return read(id);
    }

    private UUID decide(Reference reference, BiConsumer<Transaction, TransferRequest> decision) {
        TransferRequest named = access.asAdmin(() -> TransferRequest.named(reference).orElseThrow(() -> new NotFound("step")));
        if (named.stripeId() == null) {
            stripe.find(named.id());
        }
        access.runAsService(() -> {
            Transaction payment = Transaction.locked(named.transactionId()).orElseThrow();
            decision.accept(payment, TransferRequest.locked(named.id()).orElseThrow());
        });
        return named.id();
    }

    private TransferRequest read(UUID id) {
        return access.asService(() -> TransferRequest.findById(id));
    }

    /** One more than a page, of everybody's. */
    List<TransferRequest> all(@Nullable Status status, Paging paging) {
        return access.asAdmin(() -> TransferRequest.newest(status, paging.before(), paging.limit() + 1));
    }
}
