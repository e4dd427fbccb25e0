package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

import io.coachpay.http.NotFound;
import io.coachpay.inbox.MissingParent;
import io.coachpay.ledger.CreditPostings.Holder;
import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.payment.MoneyReturned;
import io.coachpay.payment.Transaction;
import io.coachpay.payment.TransactionBooks;
import io.coachpay.payment.TransactionQueries;
import io.coachpay.stripe.StripeCharge;
import io.coachpay.stripe.StripeRefund;
import io.coachpay.stripe.StripeRefused;
import io.coachpay.transfer.TransferBooks;

/**
 * Books Stripe's reports of refunds: their money, their failure, and Stripe's refusal of one that was asked for. Every verb
 * joins the caller's database transaction, and none calls Stripe.
 */
@ApplicationScoped
class RefundReportBooks {

    private final RefundBooks requests;
    private final TransactionBooks payments;
    private final TransferBooks transfers;
    private final Ledger ledger;
    private final Event<MoneyReturned> returned;
    private final EntityManager entities;
    private final Clock clock;

    RefundReportBooks(RefundBooks requests, TransactionBooks payments, TransferBooks transfers, Ledger ledger,
            Event<MoneyReturned> returned, EntityManager entities, Clock clock) {
        this.requests = requests;
        this.payments = payments;
        this.transfers = transfers;
        this.ledger = ledger;
        this.returned = returned;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Applies a refund of Stripe's. Its money is booked once it has a balance transaction, and booked back once its failure
     * has one, however late.
     *
     * @param asOf the event's time, or when Stripe was asked
     * @throws MissingParent when it belongs to no payment of ours
     */
    @Transactional(TxType.MANDATORY)
    void apply(StripeRefund told, Instant asOf) {
        Transaction transaction = payment(told);
        Refund refund = find(transaction, told).orElseGet(() -> adopt(transaction, told));
        refund.apply(told, clock.instant());
        entities.flush();
        if (told.transferReversalId() != null) {
            transfers.link(told.transferReversalId(), refund.id());
        }
        Money refunded = transaction.amounts().refunded();
        Instant moved = asOf;
        if (told.balanceTransactionId() != null
                && ledger.post(Postings.refunded(told.id(), told.amount(), told.created()).of(transaction.id()))) {
            refunded = refunded.plus(told.amount());
            moved = told.created();
        }
        if (told.failureBalanceTransactionId() != null
                && ledger.post(Postings.refundFailed(told.id(), told.amount(), asOf).of(transaction.id()))) {
            refunded = refunded.minus(told.amount());
        }
        if (!refunded.isEqual(transaction.amounts().refunded())) {
            payments.refunded(transaction, refunded);
            returned.fire(new MoneyReturned(transaction, Holder.REFUND, told.id(), moved));
        }
    }

    /**
     * Records that Stripe refused a refund. Stripe's refunds of the payment are applied first. If less is left than was asked
     * for, the sum that is due is requested again; a request beyond it stays refused.
     *
     * @param attempt the refused one; ignored where the refund has a later one
     * @param found all refunds of the payment that Stripe has
     * @param asked when Stripe was asked for them
     */
    @Transactional(TxType.MANDATORY)
    void refuse(UUID id, int attempt, StripeRefused.Reason why, @Nullable String message, List<StripeRefund> found,
            Instant asked) {
        Refund seen = Refund.<Refund> findByIdOptional(id).orElseThrow(() -> new NotFound("refund"));
        Transaction transaction = TransactionQueries.locked(seen.transactionId()).orElseThrow();
        Refund refund = Refund.locked(id).orElseThrow();
        if (!refund.progress().isAt(attempt)) {
            return;
        }
        // Its part of the payment is free again for refunds that Stripe has made instead.
        refund.progress().refuse(why.code(), message);
        entities.flush();
        boolean crowded = false;
        for (StripeRefund told : found) {
            if (fits(transaction, told)) {
                apply(told, asked);
            } else {
                crowded = true;
            }
        }
        if (refund.status() == RefundStatus.REFUSED) {
            reckonAnew(transaction, refund, crowded);
        }
    }

    /** Whether the database accepts it: other requests of ours keep their part until Stripe has refused them as well. */
    private static boolean fits(Transaction transaction, StripeRefund told) {
        boolean counted = find(transaction, told).map(Refund::status).filter(RefundStatus::isLive).isPresent();
        boolean over = told.status() == StripeRefund.Status.FAILED || told.status() == StripeRefund.Status.CANCELED;
        return counted || over || !RefundBooks.live(transaction).plus(told.amount()).isGreaterThan(transaction.amount());
    }

    /**
     * Requests again what is due after a refusal.
     *
     * @param crowded whether a refund of Stripe's does not fit beside other requests of ours; then this waits until Stripe has
     *        refused the last of those
     */
    private void reckonAnew(Transaction transaction, Refund refused, boolean crowded) {
        if (transaction.amounts().isDisputed()) {
            refused.progress().refuse(RefundProgress.DISPUTED, null);
            return;
        }
        if (crowded) {
            refused.progress().refuse(RefundProgress.TOO_MUCH, null);
            return;
        }
        if (refused.amount().isGreaterThan(requests.remainderOf(transaction))) {
            refused.progress().refuse(RefundProgress.TOO_MUCH, null);
            requests.requestRest(transaction);
        }
    }

    /** Whether all that a charge reports as refunded is in the books. */
    @Transactional(TxType.MANDATORY)
    boolean areBooked(StripeCharge told) {
        return entities.createNativeQuery("select refunded_amount from transactions where stripe_charge_id = ?1")
                .setParameter(1, told.id()).getResultStream().findFirst()
                .filter(booked -> ((BigDecimal) booked).compareTo(told.amountRefunded().getAmount()) >= 0).isPresent();
    }

    private static Transaction payment(StripeRefund told) {
        Optional<Transaction> paid = told.paymentIntentId() != null ? TransactionQueries.locked(null, told.paymentIntentId())
                : Optional.ofNullable(told.chargeId()).flatMap(TransactionQueries::lockedByCharge);
        return paid.orElseThrow(() -> new MissingParent("transaction of " + told.id()));
    }

    private static Optional<Refund> find(Transaction transaction, StripeRefund told) {
        Optional<Refund> known = Refund.<Refund> find("progress.stripeId", told.id())
                .withLock(LockModeType.PESSIMISTIC_WRITE).firstResultOptional();
        return known.isPresent() ? known
                : Optional.ofNullable(told.coachpayId()).flatMap(Refund::locked).filter(
                        refund -> refund.progress().stripeId() == null && refund.transactionId().equals(transaction.id()));
    }

    /**
     * Adopts a refund that was made in Stripe's dashboard. Where a request of ours has taken its place meanwhile, the database
     * accepts it only after Stripe has refused that request; until then the event is retried.
     */
    private Refund adopt(Transaction transaction, StripeRefund told) {
        Refund refund = Refund.of(transaction, told.amount(), Refund.DASHBOARD, null, null, clock.instant());
        // A failed one takes no place, so it is written as failed at once.
        refund.apply(told, clock.instant());
        refund.persist();
        return refund;
    }
}
