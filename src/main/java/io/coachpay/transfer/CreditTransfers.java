package io.coachpay.transfer;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;

import io.coachpay.ledger.CreditPostings;
import io.coachpay.ledger.Ledger;
import io.coachpay.money.Credits;
import io.coachpay.money.Split;
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.TransferRequest.Purpose;

/**
 * Pays coaches their part of sessions that were paid with credits, by transfers from the platform's balance. Until then the
 * credits are deferred. Every verb joins a database transaction that holds the payment's lock, and none calls Stripe.
 */
@ApplicationScoped
public class CreditTransfers {

    private final TransferRequestBooks requests;
    private final Ledger ledger;
    private final EntityManager entities;
    private final Clock clock;

    CreditTransfers(TransferRequestBooks requests, Ledger ledger, EntityManager entities, Clock clock) {
        this.requests = requests;
        this.ledger = ledger;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Requests the coach's part of a session that is over, once. Where all of it is the platform's, it is booked at once.
     *
     * @return the request that Stripe is to be asked for now
     */
    @Transactional(TxType.MANDATORY)
    public Optional<UUID> request(Transaction payment) {
        if (payment.credits().deferred().isZero() || TransferRequest.of(payment.id()).stream()
                .anyMatch(step -> step.purpose() == Purpose.CREDIT_SESSION && !step.isWithdrawn())) {
            return Optional.empty();
        }
        Money payout = left(payment).payout();
        if (payout.isZero()) {
            earn(payment, payment.id().toString(), payout, clock.instant());
            return Optional.empty();
        }
        return Optional.of(requests.send(payment, payout, Purpose.CREDIT_SESSION, null).id());
    }

    /** Whether the coach's part is requested and not made; not where an administrator has withdrawn the request. */
    @Transactional(TxType.MANDATORY)
    public boolean isRequested(Transaction payment) {
        return TransferRequest.of(payment.id()).stream().anyMatch(CreditTransfers::isUnmade);
    }

    private static boolean isUnmade(TransferRequest step) {
        return step.purpose() == Purpose.CREDIT_SESSION && step.stripeId() == null && !step.progress().isTakenBack();
    }

    /**
     * Withdraws a request that Stripe has not made, since its amount changes.
     *
     * @return false while Stripe may be making it
     */
    @Transactional(TxType.MANDATORY)
    public boolean withdraw(Transaction payment) {
        for (TransferRequest step : TransferRequest.of(payment.id())) {
            if (isUnmade(step)) {
                entities.refresh(step, LockModeType.PESSIMISTIC_WRITE);
                if (step.isOpen() && !step.progress().restsAt(clock.instant(), TransfersAtStripe.BETWEEN_TRIES)) {
                    return false;
                }
                requests.replace(payment, step);
            }
        }
        return true;
    }

    /** Whether this is the coach's part as it is now, after what went back. */
    @Transactional(TxType.MANDATORY)
    boolean isDue(Transaction payment, Money amount) {
        return payment.credits().deferred().isPositive() && left(payment).payout().isEqual(amount);
    }

    /**
     * Requests the coach's part as it is now, in place of a request for another amount.
     *
     * @throws TransferRequestRefused.Over when nothing is due any more
     */
    @Transactional(TxType.MANDATORY)
    UUID requestAgain(Transaction payment, TransferRequest outdated) {
        requests.replace(payment, outdated);
        entities.flush();
        return request(payment).orElseThrow(() -> new TransferRequestRefused.Over(outdated.status()));
    }

    /** Books the coach's part; what was deferred is earned. */
    @Transactional(TxType.MANDATORY)
    void earn(Transaction payment, String reference, Money payout, Instant at) {
        Credits price = payment.credits().deferred();
        payment.credits().settle(price);
        entities.flush();
        ledger.post(
                CreditPostings.sessionPaidByCredits(reference, payment.terms().payerId(), payment.coachId(), price, payout, at)
                        .of(payment.id()));
    }

    /** Splits the rest of the payment's price after its refunds. */
    private static Split left(Transaction payment) {
        return payment.amounts().split().left(payment.amounts().refunded());
    }
}
