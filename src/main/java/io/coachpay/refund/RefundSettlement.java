package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.joda.money.Money;

import io.coachpay.ledger.Ledger;
import io.coachpay.ledger.Postings;
import io.coachpay.money.Share;
import io.coachpay.money.Split;
import io.coachpay.money.StripeCurrencies;
import io.coachpay.payment.PaymentStatus;
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.TransferBooks;
import io.coachpay.transfer.TransferRequest;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequestBooks;
import io.coachpay.transfer.TransferRequestCancelled;
import io.coachpay.transfer.TransferRequestCompleted;

/**
 * Decides who bears a refund. With the refund itself Stripe takes the coach's part and gives back the platform's. Transfer
 * requests move the rest, and what a failed refund took. Nothing is taken while other money moves to or from the coach, for a
 * dispute say.
 */
@ApplicationScoped
class RefundSettlement {

    /** A completed request ends the wait sooner. */
    private static final Duration WHILE_OPEN = Duration.ofHours(1);

    /** The amount that coaches gave for a refund, gross, and the part of its fee that the platform gave up for it besides. */
    private static final String GIVEN = """
            select coalesce((select sum(r.amount) from transfer_reversals r where r.refund_id = f.id), 0) as taken,
                   coalesce((select sum(e.amount) from ledger_journals j
                               join ledger_entries e on e.journal_id = j.id
                               join ledger_accounts a on a.id = e.account_id and a.kind = 'refund_clearing'
                              where j.kind = 'fee_forgone' and j.reference = f.stripe_refund_id), 0) as forgone
              from refunds f where f.id = ?1""";
    private static final String FEE_KEPT = """
            select coalesce(sum(e.amount), 0) from ledger_journals j
              join ledger_entries e on e.journal_id = j.id
              join ledger_accounts a on a.id = e.account_id and a.kind = 'platform_revenue'
             where j.transaction_id = ?1""";
    /**
     * The amount between payer, coach and platform. A failed refund has moved nothing, also before Stripe reports its return.
     */
    private static final String HELD = """
            select coalesce(sum(e.amount), 0) from ledger_journals j
              join ledger_entries e on e.journal_id = j.id
              join ledger_accounts a on a.id = e.account_id and a.kind = 'refund_clearing'
             where j.transaction_id = ?1 and not (j.kind in ('refunded', 'refund_failed') and exists (
                   select from refunds f where f.stripe_refund_id = j.reference and f.status in ('failed', 'canceled')))""";

    private final TransferBooks transfers;
    private final TransferRequestBooks steps;
    private final Ledger ledger;
    private final EntityManager entities;
    private final Clock clock;

    RefundSettlement(TransferBooks transfers, TransferRequestBooks steps, Ledger ledger, EntityManager entities, Clock clock) {
        this.transfers = transfers;
        this.steps = steps;
        this.ledger = ledger;
        this.entities = entities;
        this.clock = clock;
    }

    /** Moves what remains of a refund that has succeeded or failed; both rows' locks are held. */
    @Transactional(TxType.MANDATORY)
    void settle(Transaction transaction, Refund refund) {
        if (TransferRequest.of(transaction.id()).stream().anyMatch(step -> holdsUp(step, refund))) {
            refund.progress().checkNext(clock.instant().plus(WHILE_OPEN));
            return;
        }
        switch (refund.status()) {
            case SUCCEEDED -> {
                takeRest(transaction, refund);
                refund.progress().settle();
            }
            case FAILED, CANCELED -> {
                if (isOnly(transaction, refund)) {
                    repay(transaction, refund, takenFor(refund).minus(feeGivenFor(transaction, refund)));
                }
                refund.progress().settle();
            }
            case REQUESTED, REFUSED, PENDING, REQUIRES_ACTION -> {
            }
        }
    }

    /** A failed refund waits for its own requests alone: a dispute's may themselves wait for money that is to be given back. */
    private static boolean holdsUp(TransferRequest step, Refund refund) {
        return step.isOpen() && (refund.id().equals(step.refundId()) || refund.status() == RefundStatus.SUCCEEDED);
    }

    /** Ends the wait for a request that was completed. */
    void on(@Observes TransferRequestCompleted done) {
        wake(done.transaction().id());
    }

    /** Ends the wait for a request that will move nothing. */
    void on(@Observes TransferRequestCancelled step) {
        wake(step.transaction().id());
    }

    /** Makes refunds of a payment due now that wait for another refund or request. */
    private void wake(UUID transactionId) {
        Refund.update("progress.checkAt = ?1 where transactionId = ?2 and progress.checkAt is not null"
                + " and progress.status in (SUCCEEDED, FAILED, CANCELED)", clock.instant(), transactionId);
    }

    // ---- after success

    /**
     * Takes the rest of the transfers and of the fee once all of a payment is refunded. Before that, and where the platform
     * alone paid a part, it takes only what Stripe could not take for this refund: money of the payment's own transfer that
     * was taken back once and given again by a later transfer. Where Stripe has refused to take anything, it is not asked
     * again.
     */
    private void takeRest(Transaction transaction, Refund refund) {
        if (refund.isBorneAlone()) {
            return;
        }
        List<Refund> others = Refund.of(transaction.id()).stream()
                .filter(other -> other.status().isLive() && !other.id().equals(refund.id())).toList();
        TransferBooks.Left left = transfers.leftOf(transaction);
        if (transaction.status() != PaymentStatus.REFUNDED || others.stream().anyMatch(Refund::isBorneAlone)) {
            if (!refund.reason().equals(Refund.DASHBOARD)) {
                takeFromLater(transaction, refund, others, left);
            }
            return;
        }
        if (others.stream().anyMatch(Refund::isUnsettled)) {
            // The refund that is settled last takes it: by then all that came with each of them is known.
            return;
        }
        takeAll(transaction, refund, left);
    }

    private void takeAll(Transaction transaction, Refund refund, TransferBooks.Left left) {
        left.parts().stream().filter(part -> part.left().isPositive())
                .forEach(part -> steps.reverse(part.transfer(), part.left(), Purpose.REFUND_REST, refund.id()));
        if (left.fee().isPositive()) {
            steps.refundFee(transaction, left.fee(), Purpose.REFUND_REST, refund.id());
        }
        forgo(transaction, refund, feeKept(transaction).minus(left.fee()));
    }

    private void takeFromLater(Transaction transaction, Refund refund, List<Refund> others, TransferBooks.Left left) {
        Money missing = refund.amount().minus(takenFor(refund));
        if (!missing.isPositive()) {
            return;
        }
        Money gone = refund.amount();
        for (Refund other : others) {
            gone = gone.plus(takenFor(other)).plus(forgoneFor(other));
        }
        Money kept = feeKept(transaction);
        Money fee = min(missing, feeForgone(transaction.amounts().split(), gone, kept, kept.minus(left.fee())));
        Money net = missing.minus(fee);
        for (TransferBooks.Part part : left.parts()) {
            Money taken = min(net, part.left());
            if (!part.transfer().isOfPayment() && taken.isPositive()) {
                steps.reverse(part.transfer(), taken, Purpose.REFUND_REST, refund.id());
                net = net.minus(taken);
            }
        }
        forgo(transaction, refund, fee);
    }

    /**
     * The fee that the platform gives up besides Stripe's fee refunds, as a difference of totals so that no earlier rounding
     * adds up: {@code clamp(fee × gone/price − (fee − kept), 0, regained)}. Of a price of 100 with a fee of 10, 50 are gone
     * and 8 of the fee are kept: 5 − 2 = 3.
     *
     * @param gone the gross amount that coaches gave for all refunds of the payment
     * @param kept of the fee until now
     * @param regained the part of it that Stripe cannot give back any more
     */
    static Money feeForgone(Split split, Money gone, Money kept, Money regained) {
        Money due = Share.of(split.fee(), min(gone, split.price()), split.price());
        Money forgone = min(due.minus(split.fee().minus(kept)), regained);
        return forgone.isNegative() ? Money.zero(kept.getCurrencyUnit()) : forgone;
    }

    private void forgo(Transaction transaction, Refund refund, Money fee) {
        if (fee.isPositive()) {
            ledger.post(Postings.feeForgone(stripeId(refund), fee, clock.instant()).of(transaction.id()));
        }
    }

    // ---- after failure

    /**
     * Whether all of the fee that went back did so for this refund. Of several refunds Stripe does not say which one a fee
     * went back for.
     */
    private static boolean isOnly(Transaction transaction, Refund refund) {
        return Refund.of(transaction.id()).stream()
                .allMatch(other -> other.id().equals(refund.id()) || other.status() == RefundStatus.REFUSED);
    }

    /** The fee that went back with a refund, at most what the refund took: beyond that the coach keeps it. */
    private Money feeGivenFor(Transaction transaction, Refund only) {
        return min(takenFor(only), transaction.amounts().fee().minus(feeKept(transaction)));
    }

    /**
     * Gives the coach back a part of the money that a failed refund took. The rest is the platform's again, except what
     * another refund has paid to the payer since.
     *
     * @param toCoach at most what the refund took; both rows' locks are held
     */
    @Transactional(TxType.MANDATORY)
    void repay(Transaction transaction, Refund refund, Money toCoach) {
        Money kept = min(takenFor(refund).plus(forgoneFor(refund)), held(transaction)).minus(toCoach);
        if (kept.isPositive()) {
            ledger.post(Postings.feeRegained(stripeId(refund), kept, clock.instant()).of(transaction.id()));
        }
        if (toCoach.isPositive()) {
            steps.send(transaction, toCoach, Purpose.REFUND_FAILED, refund.id());
        }
        refund.repay(toCoach);
    }

    /** The amount that the payment's journals hold between payer, coach and platform once open requests are made. */
    private Money held(Transaction transaction) {
        Money held = booked(transaction, HELD);
        for (TransferRequest step : TransferRequest.of(transaction.id())) {
            if (step.isOpen() && step.purpose() == Purpose.REFUND_FAILED) {
                held = held.minus(step.amount());
            } else if (step.isOpen() && step.purpose() == Purpose.REFUND_REST && step.kind() == TransferRequest.Kind.REVERSAL) {
                held = held.plus(step.amount());
            }
        }
        return held;
    }

    /** The amount that a refund took from the coach, gross. */
    @Transactional(TxType.MANDATORY)
    Money takenFor(Refund refund) {
        return given(refund, 0);
    }

    /** The part of its fee that the platform gave up for a refund. */
    private Money forgoneFor(Refund refund) {
        return given(refund, 1);
    }

    private Money given(Refund refund, int column) {
        Object[] row = (Object[]) entities.createNativeQuery(GIVEN, Object[].class).setParameter(1, refund.id())
                .getSingleResult();
        return StripeCurrencies.of(refund.amount().getCurrencyUnit()).of((BigDecimal) row[column]);
    }

    /** A payment without a fee has none: of an invoice's payment, all that the platform earns is its own. */
    private Money feeKept(Transaction transaction) {
        return transaction.amounts().fee().isZero() ? transaction.amounts().fee() : booked(transaction, FEE_KEPT);
    }

    /** The balance that the payment's journals leave on an account. */
    private Money booked(Transaction transaction, String sum) {
        return StripeCurrencies.of(transaction.amount().getCurrencyUnit())
                .of((BigDecimal) entities.createNativeQuery(sum).setParameter(1, transaction.id()).getSingleResult());
    }

    private static String stripeId(Refund refund) {
        String stripeId = refund.stripeId();
        if (stripeId == null) {
            throw new IllegalStateException("Refund " + refund.id() + " has ended without an id of Stripe's");
        }
        return stripeId;
    }

    private static Money min(Money one, Money other) {
        return one.isLessThan(other) ? one : other;
    }
}
