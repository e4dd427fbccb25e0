package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

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
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.TransferBooks;
import io.coachpay.transfer.TransferRequest;
import io.coachpay.transfer.TransferRequest.Purpose;
import io.coachpay.transfer.TransferRequestBooks;
import io.coachpay.transfer.TransferRequestCancelled;
import io.coachpay.transfer.TransferRequestCompleted;

/**
 * Who bears a refund. Stripe takes the coach's part and gives back the platform's with the refund itself; what that leaves, and
 * what a refund that failed in the end has taken, is moved by steps. Nothing is taken for a refund while anything is on its way
 * to the coach or back, for a dispute say.
 */
@ApplicationScoped
class RefundSettlement {

    /** Sooner when the step is concluded. */
    private static final Duration WHILE_OPEN = Duration.ofHours(1);

    /** What coaches gave for a refund, gross, and what of its fee the platform gave up for it beside. */
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
    /** What is between payer, coach and platform; one that failed has moved nothing, also before Stripe tells of its return. */
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

    /** Sees to what follows from a refund that has succeeded or failed; both rows' locks are held. */
    @Transactional(TxType.MANDATORY)
    void settle(Transaction transaction, Refund refund) {
        if (TransferRequest.of(transaction.id()).stream().anyMatch(step -> holdsUp(step, refund))) {
            refund.checkNext(clock.instant().plus(WHILE_OPEN));
            return;
        }
        switch (refund.status()) {
            case SUCCEEDED -> {
                takeRest(transaction, refund);
                refund.settle();
            }
            case FAILED, CANCELED -> {
                if (isOnly(transaction, refund)) {
                    repay(transaction, refund, takenFor(refund).minus(feeGivenFor(transaction, refund)));
                }
                refund.settle();
            }
            case REQUESTED, REFUSED, PENDING, REQUIRES_ACTION -> {
            }
        }
    }

    /**
     * What a failed refund took hangs on its own steps alone. What a dispute moves may itself wait for what is to be given
     * back.
     */
    private static boolean holdsUp(TransferRequest step, Refund refund) {
        return step.isOpen() && (refund.id().equals(step.refundId()) || refund.status() == Refund.Status.SUCCEEDED);
    }

    /** A step has been made or given up: what waited for it need not wait longer. */
    void on(@Observes TransferRequestCompleted done) {
        Refund.wake(done.transaction().id(), clock.instant());
    }

    /** Nor need anybody wait for what does not come. */
    void on(@Observes TransferRequestCancelled step) {
        Refund.wake(step.transaction().id(), clock.instant());
    }

    // ---- after success

    /**
     * When all of a payment is refunded, what is left of its transfers and of its fee goes back too. Before that, and where the
     * platform alone paid a part, only what Stripe could not take for this refund, since it had been taken from the payment's
     * own transfer once and been given back by a later one. Where Stripe has refused to take anything, it is not asked again.
     */
    private void takeRest(Transaction transaction, Refund refund) {
        if (refund.isBorneAlone()) {
            return;
        }
        List<Refund> others = Refund.of(transaction.id()).stream()
                .filter(other -> other.status().isLive() && !other.id().equals(refund.id())).toList();
        TransferBooks.Left left = transfers.leftOf(transaction);
        if (transaction.status() != Transaction.Status.REFUNDED || others.stream().anyMatch(Refund::isBorneAlone)) {
            if (!refund.reason().equals(Refund.DASHBOARD)) {
                takeFromLater(transaction, refund, others, left);
            }
            return;
        }
        if (others.stream().anyMatch(Refund::isUnsettled)) {
            // Whichever is settled last takes it: by then all that came with each of them is known.
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
        Money fee = min(missing, feeForgone(transaction.split(), gone, kept, kept.minus(left.fee())));
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
     * What of its fee the platform gives up beside what Stripe has given back of it: so much that in all its part of what is
     * gone has gone back. It is a difference of totals, so that no earlier rounding adds up.
     *
     * @param gone what coaches gave for all refunds of the payment, gross
     * @param kept of the fee until now
     * @param regained what of that Stripe cannot give back any more
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

    /** Then all of the fee that went back did so for it. Which of several refunds a fee went back for, Stripe does not say. */
    private static boolean isOnly(Transaction transaction, Refund refund) {
        return Refund.of(transaction.id()).stream()
                .allMatch(other -> other.id().equals(refund.id()) || other.status() == Refund.Status.REFUSED);
    }

    /** Where a refund took nothing from the coach, a fee that went back with it is the coach's to keep. */
    private Money feeGivenFor(Transaction transaction, Refund only) {
        return min(takenFor(only), transaction.platformFee().minus(feeKept(transaction)));
    }

    /**
     * Gives the coach back so much of what a failed refund took. The rest of that is the platform's again, as far as it still
     * has it: what has gone back to the payer by another refund since, it has not.
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

    /** What the payment's journals hold between payer, coach and platform, and will when open steps are made. */
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

    /** What a refund took from the coach, gross. */
    @Transactional(TxType.MANDATORY)
    Money takenFor(Refund refund) {
        return given(refund, 0);
    }

    /** What of its fee the platform gave up for it. */
    private Money forgoneFor(Refund refund) {
        return given(refund, 1);
    }

    private Money given(Refund refund, int column) {
        Object[] row = (Object[]) entities.createNativeQuery(GIVEN, Object[].class).setParameter(1, refund.id())
                .getSingleResult();
        return StripeCurrencies.of(refund.amount().getCurrencyUnit()).of((BigDecimal) row[column]);
    }

    private Money feeKept(Transaction transaction) {
        return booked(transaction, FEE_KEPT);
    }

    /** What the payment's journals have left on an account. */
    private Money booked(Transaction transaction, String sum) {
        return StripeCurrencies.of(transaction.amount().getCurrencyUnit())
                .of((BigDecimal) entities.createNativeQuery(sum).setParameter(1, transaction.id()).getSingleResult());
    }

    private static String stripeId(Refund refund) {
        String stripeId = refund.stripeId();
        if (stripeId == null) {
            throw new IllegalStateException("Refund " + refund.id() + " has ended, but nobody knows as what");
        }
        return stripeId;
    }

    private static Money min(Money one, Money other) {
        return one.isLessThan(other) ? one : other;
    }
}
