package io.coachpay.refund;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import io.coachpay.money.StripeCurrencies;
import io.coachpay.payment.Transaction;
import io.coachpay.transfer.StepConcluded;
import io.coachpay.transfer.Transfer;
import io.coachpay.transfer.TransferStep;
import io.coachpay.transfer.TransferStep.Purpose;
import io.coachpay.transfer.TransferSteps;
import io.coachpay.transfer.Transfers;

/**
 * Who bears a refund. Stripe takes the coach's part and gives back the platform's with the refund itself; what that leaves, and
 * what a refund that failed in the end has taken, is moved by steps. Nothing is decided about a payment while such a step is
 * open, nor while it is not sure that Stripe has told all that came with its refunds.
 */
@ApplicationScoped
class RefundShares {

    /** Sooner when the step is concluded. */
    private static final Duration WHILE_OPEN = Duration.ofHours(1);
    private static final Duration WHILE_UNCERTAIN = Duration.ofMinutes(1);

    /** What coaches gave for each refund of a payment; a fee that the platform gave up a second time is a part of it. */
    private static final String GIVEN = """
            select r.refund_id, sum(r.amount + coalesce(forgone.amount, 0))
              from transfer_reversals r
              join transfers t on t.id = r.transfer_id
              left join lateral (
                   select e.amount from ledger_journals j
                     join ledger_entries e on e.journal_id = j.id
                     join ledger_accounts a on a.id = e.account_id and a.kind = 'refund_clearing'
                    where j.kind = 'fee_forgone' and j.reference = r.stripe_reversal_id) forgone on true
             where t.transaction_id = ?1 and r.refund_id is not null
             group by r.refund_id""";
    private static final String FEE_KEPT = """
            select coalesce(sum(e.amount), 0) from ledger_journals j
              join ledger_entries e on e.journal_id = j.id
              join ledger_accounts a on a.id = e.account_id and a.kind = 'platform_revenue'
             where j.transaction_id = ?1""";

    private final Transfers transfers;
    private final TransferSteps steps;
    private final Ledger ledger;
    private final EntityManager entities;
    private final Clock clock;

    RefundShares(Transfers transfers, TransferSteps steps, Ledger ledger, EntityManager entities, Clock clock) {
        this.transfers = transfers;
        this.steps = steps;
        this.ledger = ledger;
        this.entities = entities;
        this.clock = clock;
    }

    /** Sees to what follows from a refund that has succeeded or failed; both rows' locks are held. */
    @Transactional(TxType.MANDATORY)
    void settle(Transaction transaction, Refund refund) {
        if (TransferStep.of(transaction.id()).stream().anyMatch(step -> step.isOpen() && step.refundId() != null)) {
            refund.checkNext(clock.instant().plus(WHILE_OPEN));
            return;
        }
        List<Refund> others = Refund.of(transaction.id()).stream()
                .filter(other -> other.status().isLive() && !other.id().equals(refund.id())).toList();
        switch (refund.status()) {
            case SUCCEEDED -> {
                takeRest(transaction, refund, others);
                refund.settle();
            }
            case FAILED, CANCELED -> {
                if (others.stream().anyMatch(RefundShares::isUncertain)) {
                    refund.checkNext(clock.instant().plus(WHILE_UNCERTAIN));
                    return;
                }
                repay(transaction, refund, others);
                refund.settle();
            }
            case REQUESTED, REFUSED, PENDING, REQUIRES_ACTION -> {
            }
        }
    }

    /** Whether Stripe may have made it without our knowing all that came with it. */
    private static boolean isUncertain(Refund refund) {
        return refund.isUnsettled()
                && (refund.status() == Refund.Status.REQUESTED || refund.status() == Refund.Status.SUCCEEDED);
    }

    // ---- after success

    /**
     * When all of a payment is refunded, what is left of its transfers and of its fee goes back too. Before that only what
     * Stripe could not take for this refund, since it had been taken from the payment's own transfer once and been given back
     * by a later one.
     */
    private void takeRest(Transaction transaction, Refund refund, List<Refund> others) {
        Transfers.Left left = transfers.leftOf(transaction);
        if (transaction.status() != Transaction.Status.REFUNDED) {
            if (!refund.reason().equals(Refund.DASHBOARD)) {
                takeFromLater(transaction, refund, left);
            }
            return;
        }
        if (others.stream().anyMatch(Refund::isUnsettled)) {
            // Whichever is settled last takes it: by then all that came with each of them is known.
            return;
        }
        for (Transfers.Part part : left.parts()) {
            if (part.left().isPositive()) {
                steps.reverse(part.transfer(), part.left(), Purpose.REFUND_REST, refund.id());
            }
        }
        if (left.fee().isPositive()) {
            steps.refundFee(transaction, left.fee(), Purpose.REFUND_REST, refund.id());
        }
    }

    private void takeFromLater(Transaction transaction, Refund refund, Transfers.Left left) {
        Money missing = refund.amount().minus(givenFor(transaction).getOrDefault(refund.id(), zero(transaction)));
        for (Transfers.Part part : left.parts()) {
            if (part.transfer().isOfPayment() || !part.left().isPositive() || !missing.isPositive()) {
                continue;
            }
            // Such a transfer is net of the fee that the platform regained; the price it stands for is gross.
            Money whole = part.transfer().amount();
            Money gross = whole.plus(feeBehind(part.transfer()));
            Money grossLeft = Share.of(gross, part.left(), whole);
            boolean all = !missing.isLessThan(grossLeft);
            Money taken = all ? part.left() : Share.of(whole, missing, gross);
            if (taken.isPositive()) {
                steps.reverse(part.transfer(), taken, Purpose.REFUND_REST, refund.id());
            }
            missing = all ? missing.minus(grossLeft) : zero(transaction);
        }
    }

    // ---- after failure

    /**
     * Gives the coach back what a failed refund took: V − F. V is what was taken from the coach for it, gross. F is the fee
     * that
     * the platform keeps again: what it should keep, in proportion to what coaches gave for the refunds that still stand, less
     * what it has kept so far; never less than nothing nor more than V. Where nothing was taken, nothing is given back.
     */
    private void repay(Transaction transaction, Refund refund, List<Refund> others) {
        Map<UUID, Money> given = givenFor(transaction);
        Money taken = given.getOrDefault(refund.id(), zero(transaction));
        Money standing = zero(transaction);
        for (Refund other : others) {
            standing = standing.plus(given.getOrDefault(other.id(), zero(transaction)));
        }
        Money fee = min(taken, max(zero(transaction), feeDue(transaction, standing).minus(feeKept(transaction))));
        refund.regain(fee);
        if (taken.isGreaterThan(fee)) {
            steps.send(transaction, taken.minus(fee), Purpose.REFUND_FAILED, refund.id());
        } else {
            postRegained(transaction, refund, clock.instant());
        }
    }

    private static Money feeDue(Transaction transaction, Money standing) {
        Money price = transaction.amount();
        return transaction.platformFee().minus(Share.of(transaction.platformFee(), min(standing, price), price));
    }

    private Money feeKept(Transaction transaction) {
        Object kept = entities.createNativeQuery(FEE_KEPT).setParameter(1, transaction.id()).getSingleResult();
        return StripeCurrencies.of(transaction.amount().getCurrencyUnit()).of((BigDecimal) kept);
    }

    private Map<UUID, Money> givenFor(Transaction transaction) {
        Map<UUID, Money> given = new HashMap<>();
        for (Object row : entities.createNativeQuery(GIVEN).setParameter(1, transaction.id()).getResultList()) {
            Object[] columns = (Object[]) row;
            given.put((UUID) columns[0],
                    StripeCurrencies.of(transaction.amount().getCurrencyUnit()).of((BigDecimal) columns[1]));
        }
        return given;
    }

    // ---- what follows when Stripe has made a step

    /** The fee is regained with the transfer that repays the coach, and given up again with that one's reversal. */
    void follow(@Observes StepConcluded done) {
        TransferStep step = done.step();
        switch (step.purpose()) {
            case REFUND_FAILED -> refundOf(step).ifPresent(refund -> postRegained(done.transaction(), refund, done.at()));
            case REFUND_REST -> forgo(done);
            case DISPUTE_RECOVERY, DISPUTE_WON -> {
            }
        }
        if (step.refundId() != null) {
            Refund.wake(step.transactionId(), clock.instant());
        }
    }

    private void postRegained(Transaction transaction, Refund refund, Instant at) {
        String stripeId = refund.stripeId();
        if (refund.feeRegained().isPositive() && stripeId != null) {
            ledger.post(Postings.feeRegained(stripeId, refund.feeRegained(), at).of(transaction.id()));
        }
    }

    private void forgo(StepConcluded done) {
        UUID reversed = done.step().transferId();
        String reversal = done.step().stripeId();
        if (reversed == null || reversal == null) {
            return;
        }
        Transfer transfer = Transfer.findById(reversed);
        Money fee = feeBehind(transfer);
        Money by = transfers.reversedOf(transfer);
        Money forgone = Share.of(fee, by, transfer.amount())
                .minus(Share.of(fee, by.minus(done.amount()), transfer.amount()));
        if (forgone.isPositive()) {
            ledger.post(Postings.feeForgone(reversal, forgone, done.at()).of(done.transaction().id()));
        }
    }

    /** The fee that the platform regained when it made this transfer; zero for one that repaid no refund. */
    private static Money feeBehind(Transfer transfer) {
        return TransferStep.of(transfer.transactionId()).stream()
                .filter(step -> step.purpose() == Purpose.REFUND_FAILED && transfer.stripeId().equals(step.stripeId()))
                .findFirst().flatMap(RefundShares::refundOf).map(Refund::feeRegained)
                .orElse(Money.zero(transfer.amount().getCurrencyUnit()));
    }

    private static Optional<Refund> refundOf(TransferStep step) {
        return Optional.ofNullable(step.refundId()).flatMap(Refund::locked);
    }

    private static Money zero(Transaction transaction) {
        return Money.zero(transaction.amount().getCurrencyUnit());
    }

    private static Money min(Money one, Money other) {
        return one.isLessThan(other) ? one : other;
    }

    private static Money max(Money one, Money other) {
        return one.isLessThan(other) ? other : one;
    }
}
